//! Markdown of packs to HTML that is safe to put into the page.
//!
//! Packs come from strangers. Nothing is sanitised after the fact; instead only events whose HTML is
//! written by the renderer itself get through: raw HTML becomes text, images become their description
//! (a remote image would tell its host that somebody reads this), and a link keeps its target only if
//! that is a web or mail address. The renderer escapes all text and attributes, so no tag or attribute
//! can come from a pack.

use pulldown_cmark::{Alignment, CowStr, Event, Options, Parser, Tag, TagEnd, html};

/// Renders Markdown.
pub(crate) fn to_html(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, Parser::new_ext(markdown, options).filter_map(safe));
    out
}

fn safe(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Some(Event::Text(raw)),
        Event::Start(Tag::HtmlBlock | Tag::Image { .. }) | Event::End(TagEnd::HtmlBlock | TagEnd::Image) => {
            None
        }
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => {
            let dest_url = if is_address(&dest_url) {
                dest_url
            } else {
                CowStr::Borrowed("#")
            };
            Some(Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }))
        }
        // Alignment would be a style attribute, which the content security policy refuses.
        Event::Start(Tag::Table(columns)) => {
            Some(Event::Start(Tag::Table(vec![Alignment::None; columns.len()])))
        }
        // Heading ids and classes are attributes that a pack would choose; footnotes and math are not enabled.
        Event::Start(Tag::Heading { level, .. }) => Some(Event::Start(Tag::Heading {
            level,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        other => Some(other),
    }
}

/// A scheme that opens a page or a mail, spelt plainly. `javascript:`, `data:` and relative targets, which
/// would point into our own origin, are not.
fn is_address(target: &str) -> bool {
    let target = target.to_ascii_lowercase();
    ["https://", "http://", "mailto:"]
        .iter()
        .any(|scheme| target.starts_with(scheme))
}

#[cfg(test)]
mod tests {
    use super::to_html;

    fn check(markdown: &str, html: &str) {
        assert_eq!(to_html(markdown).trim_end(), html, "{markdown}");
    }

    #[test]
    fn plain_markdown_renders() {
        check(
            "One *two* **three** `four`",
            "<p>One <em>two</em> <strong>three</strong> <code>four</code></p>",
        );
        check("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>");
        check(
            "[docs](https://example.org/a?b=c&d)",
            "<p><a href=\"https://example.org/a?b=c&amp;d\">docs</a></p>",
        );
    }

    #[test]
    fn raw_html_becomes_text() {
        check(
            "a <script>alert(1)</script>",
            "<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>",
        );
        check(
            "<img src=x onerror=alert(1)>",
            "&lt;img src=x onerror=alert(1)&gt;",
        );
        check(
            "<div>\n\n**x**\n\n</div>",
            "&lt;div&gt;\n<p><strong>x</strong></p>\n&lt;/div&gt;",
        );
        check(
            "<!-- --><svg/onload=alert(1)>",
            "&lt;!-- --&gt;&lt;svg/onload=alert(1)&gt;",
        );
    }

    #[test]
    fn links_keep_only_addresses() {
        for target in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "java\tscript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "/api/v1/export",
            "//evil.example",
            "&#106;avascript:alert(1)",
        ] {
            let html = to_html(&format!("[x](<{target}>)"));
            assert!(
                html.contains("href=\"#\"") || !html.contains("href"),
                "{target}: {html}"
            );
        }
        check(
            "<javascript:alert(1)>",
            "<p><a href=\"#\">javascript:alert(1)</a></p>",
        );
        check(
            "[x](https://a.example \"\\\" onclick=alert(1)\")",
            "<p><a href=\"https://a.example\" title=\"&quot; onclick=alert(1)\">x</a></p>",
        );
    }

    #[test]
    fn images_become_their_description() {
        check("![a *cat*](https://spy.example/p.png)", "<p>a <em>cat</em></p>");
    }

    #[test]
    fn tables_have_no_style_attributes() {
        let html = to_html("| a |\n|:-:|\n| b |");
        assert!(html.contains("<td>b</td>") && !html.contains("style"), "{html}");
    }

    #[test]
    fn attributes_cannot_be_forged() {
        check(
            "# t {#id .c onclick=alert(1)}",
            "<h1>t {#id .c onclick=alert(1)}</h1>",
        );
        check(
            "```\"><script>\nx\n```",
            "<pre><code class=\"language-&quot;&gt;&lt;script&gt;\">x\n</code></pre>",
        );
    }

    /// Every tag in the output of hostile fragments, in all orders of three, is one the renderer writes.
    #[test]
    fn no_mixture_of_fragments_makes_a_foreign_tag() {
        const PARTS: [&str; 14] = [
            "<script>",
            "</p>",
            "![",
            "](javascript:x)",
            "[a](",
            "`",
            "```",
            "<",
            ">",
            "\"",
            "\n\n",
            "| a |\n|-|\n",
            "<!--",
            "onerror=1",
        ];
        const TAGS: [&str; 22] = [
            "p",
            "a",
            "em",
            "strong",
            "code",
            "pre",
            "ul",
            "ol",
            "li",
            "blockquote",
            "h1",
            "h2",
            "hr /",
            "br /",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "del",
            "p>",
        ];
        for a in PARTS {
            for b in PARTS {
                for c in PARTS {
                    let html = to_html(&format!("{a}{b}{c}x{b}{a}"));
                    for tag in html.split('<').skip(1) {
                        let name = tag.trim_start_matches('/').split(['>', ' ']).next().unwrap();
                        assert!(
                            TAGS.iter().any(|t| t.split(' ').next() == Some(name)),
                            "{a}{b}{c}: {html}"
                        );
                        // Outside of quotes: the renderer escapes what is inside.
                        let unquoted: String = tag.split('>').next().unwrap().split('"').step_by(2).collect();
                        assert!(!unquoted.contains("onerror"), "{a}{b}{c}: {html}");
                    }
                }
            }
        }
    }
}
