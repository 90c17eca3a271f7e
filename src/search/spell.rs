//! How far apart two spellings are.

/// The Damerau-Levenshtein distance in its restricted form (letters wrong, missing, too many, or two swapped), if it is at most
/// `limit`.
pub(super) fn distance(one: &[char], other: &[char], limit: usize) -> Option<usize> {
    if one.len().abs_diff(other.len()) > limit {
        return None;
    }
    let width = other.len() + 1;
    let (mut before, mut last, mut row) = (vec![0; width], (0..width).collect::<Vec<_>>(), vec![0; width]);
    for (i, letter) in one.iter().enumerate() {
        row[0] = i + 1;
        let mut least = row[0];
        for (j, wanted) in other.iter().enumerate() {
            let mut cost = (last[j] + usize::from(letter != wanted)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == other[j - 1] && one[i - 1] == *wanted {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
            least = least.min(cost);
        }
        if least > limit {
            return None;
        }
        std::mem::swap(&mut before, &mut last);
        std::mem::swap(&mut last, &mut row);
    }
    Some(last[width - 1]).filter(|distance| *distance <= limit)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn letters_wrong_missing_too_many_or_swapped() {
        let between =
            |one: &str, other: &str, limit| distance(&one.chars().collect::<Vec<_>>(), &other.chars().collect::<Vec<_>>(), limit);
        assert_eq!(between("kyphosis", "kyphosis", 0), Some(0));
        for misspelt in ["kyphosas", "kyphsis", "kyphhosis", "kyhposis"] {
            assert_eq!(between(misspelt, "kyphosis", 1), Some(1), "{misspelt}");
        }
        assert_eq!(between("kifosis", "kyphosis", 2), None);
        assert_eq!(between("kiphossis", "kyphosis", 2), Some(2));
        assert_eq!(between("", "ab", 2), Some(2));
    }
}
