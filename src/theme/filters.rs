//! Template filters.

use std::fmt::Write as _;

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::entry::Date;

/// Makes the filters known to a template engine.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("date", |text: &str, _: Kwargs, _: &State<'_>| -> TeraResult<String> {
        let date = Date::parse(text).ok_or_else(|| tera::Error::message(format!("`{text}` is not a date")))?;
        Ok(format!("{} {} {}", date.day, date.month_name(), date.year))
    });
    tera.register_filter("label", |slug: &str, _: Kwargs, _: &State<'_>| crate::graph::label(slug));
    tera.register_filter("slug", |text: &str, _: Kwargs, _: &State<'_>| crate::graph::slug(text));
    tera.register_filter("plain", |html: &str, _: Kwargs, _: &State<'_>| plain(html));
    tera.register_filter("json", |value: &Value, _: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let text = serde_json::to_string(value).map_err(tera::Error::message)?;
        Ok(Value::safe_string(&script_safe(&text)))
    });
}

/// JSON that can stand inside a `<script>`: nothing in it ends the element or begins a comment, and it is valid JavaScript too.
pub(crate) fn script_safe(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    let mut rest = json;
    // Byte by byte, because most JSON has nothing to replace; 0xE2 begins the two line separators and little else.
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'<' | b'>' | b'&' | 0xE2)) {
        let (before, from) = rest.split_at(at);
        safe.push_str(before);
        let c = from.chars().next().unwrap_or_default();
        if matches!(c, '<' | '>' | '&' | '\u{2028}' | '\u{2029}') {
            let _ = write!(safe, "\\u{:04x}", u32::from(c));
        } else {
            safe.push(c);
        }
        rest = &from[c.len_utf8()..];
    }
    safe.push_str(rest);
    safe
}

/// HTML → text: without tags, with the five entities that osteon writes resolved.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        text.push_str(&rest[..start]);
        rest = rest[start..].find('>').map_or("", |end| &rest[start + end + 1..]);
    }
    text.push_str(rest);
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::{plain, script_safe};

    #[test]
    fn json_cannot_leave_its_script() {
        assert_eq!(script_safe("\"</script><!--\u{2028}&\""), "\"\\u003c/script\\u003e\\u003c!--\\u2028\\u0026\"");
    }

    #[test]
    fn html_becomes_text() {
        assert_eq!(plain("a <b>&lt;b&gt;</b> &amp;amp; <i"), "a <b> &amp; ");
    }
}
