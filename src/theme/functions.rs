//! Template functions: arguments → a question to the site. Each is a few lines; the answers are made in
//! [`crate::render::answer`].

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::entry::{Id, Kind};
use crate::graph::Taxonomy;
use crate::graph::query::{Query, Sort};
use crate::render::{ask, with_snapshot};

/// Makes the functions known to a template engine.
pub(super) fn register(tera: &mut Tera) {
    tera.register_function("brief", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::Brief(id(&args, "id")?)))
    });
    tera.register_function("briefs", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let ids: &[Value] = args.must_get("ids")?;
        let briefs = ids.iter().filter_map(Value::as_str).map(|id| ask(Query::Brief(id.into())));
        Ok(Value::from(briefs.filter(|brief| !brief.is_none()).collect::<Vec<_>>()))
    });
    tera.register_function("entry", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::Entry(id(&args, "id")?)))
    });
    tera.register_function("entries", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let word: &str = args.must_get("kind")?;
        let kind = Kind::from_word(word).ok_or_else(|| tera::Error::message(format!("`{word}` is not a kind of entry")))?;
        let sort = match args.get::<&str>("sort")? {
            None | Some("title") => Sort::Title,
            Some("date") => Sort::Date,
            Some(other) => return Err(tera::Error::message(format!("`{other}` is not an order; use `title` or `date`"))),
        };
        Ok(ask(Query::Entries(kind, sort, take(&args)?)))
    });
    tera.register_function("feed_items", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::Feed(take(&args)?)))
    });
    tera.register_function("used_in", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::UsedIn(id(&args, "id")?)))
    });
    tera.register_function("verdicts", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        whole(ask(Query::Verdicts(id(&args, "id")?)), "embeds/reason.html")
    });
    tera.register_function("advice", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let audience: &[Value] = args.must_get("audience")?;
        let audience = audience.iter().filter_map(Value::as_str).map(Id::from).collect();
        whole(ask(Query::Advice(id(&args, "id")?, audience)), "embeds/reason.html")
    });
    tera.register_function("condition", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::Condition(id(&args, "id")?)))
    });
    tera.register_function("terms", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let word: &str = args.must_get("of")?;
        let taxonomy = Taxonomy::from_word(word).ok_or_else(|| tera::Error::message(format!("`{word}` is not a taxonomy")))?;
        Ok(ask(Query::Terms(taxonomy.into())))
    });
    tera.register_function("person", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::Person(id(&args, "id")?)))
    });
    tera.register_function("safety", |_: Kwargs, _: &State<'_>| ask(Query::Safety));
    tera.register_function("care_cards", |_: Kwargs, _: &State<'_>| ask(Query::CareCards));
    tera.register_function("glossary", |_: Kwargs, _: &State<'_>| ask(Query::Glossary));
    tera.register_function("a_z", |_: Kwargs, _: &State<'_>| ask(Query::AToZ));
    tera.register_function("people", |_: Kwargs, _: &State<'_>| ask(Query::People));
    tera.register_function("changes", |_: Kwargs, _: &State<'_>| ask(Query::Changes));
    tera.register_function("latest_change", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        Ok(ask(Query::LatestChange(id(&args, "id")?)))
    });
    tera.register_function("shared", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let template: &str = args.must_get("template")?;
        whole(ask(Query::Shared(template.to_owned())), template)
    });
    tera.register_function("pages", |_: Kwargs, _: &State<'_>| ask(Query::Pages));
    tera.register_function("today", |_: Kwargs, _: &State<'_>| ask(Query::Today));
    // An address depends on the settings and on the theme alone, and a change in either renders everything again: no question.
    tera.register_function("url", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let path: &str = args.must_get("path")?;
        Ok(with_snapshot(|snapshot| snapshot.graph.config.href(path)).into())
    });
    tera.register_function("asset", |args: Kwargs, _: &State<'_>| -> TeraResult<Value> {
        let path: &str = args.must_get("path")?;
        let url = with_snapshot(|snapshot| snapshot.theme.assets.get(path).map(|asset| snapshot.graph.config.href(&asset.url)));
        url.map(Value::from).ok_or_else(|| tera::Error::message(format!("the theme has no file `static/{path}`")))
    });
}

fn id(args: &Kwargs, name: &str) -> TeraResult<Id> {
    Ok(args.must_get::<&str>(name)?.into())
}

/// An answer that took a template of its own, or the error in that template: plain text stands for one.
fn whole(answer: Value, template: &str) -> TeraResult<Value> {
    match answer.as_str() {
        Some(message) if !answer.is_safe() => Err(tera::Error::message(format!("in `{template}`: {message}"))),
        _ => Ok(answer),
    }
}

fn take(args: &Kwargs) -> TeraResult<u32> {
    Ok(args.get::<u32>("take")?.unwrap_or(u32::MAX))
}
