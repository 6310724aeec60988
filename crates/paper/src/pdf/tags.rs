//! What each piece of a page is, for screen readers: a tree beside the pages.

use krilla::tagging::{Identifier, Node, TagGroup, TagKind, TagTree};

/// The tree while it grows; nodes are named by their place.
#[derive(Default)]
pub(super) struct Tags {
    nodes: Vec<Tagged>,
    roots: Vec<usize>,
}

struct Tagged {
    kind: TagKind,
    children: Vec<Child>,
}

enum Child {
    Node(usize),
    Drawn(Identifier),
}

impl Tags {
    /// Adds a node below another, or at the top.
    pub(super) fn add(&mut self, parent: Option<usize>, kind: impl Into<TagKind>) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Tagged {
            kind: kind.into(),
            children: Vec::new(),
        });
        match parent {
            Some(parent) => self.nodes[parent].children.push(Child::Node(node)),
            None => self.roots.push(node),
        }
        node
    }

    /// Says that something drawn is of a node.
    pub(super) fn drawn(&mut self, node: usize, what: Identifier) {
        self.nodes[node].children.push(Child::Drawn(what));
    }

    /// The tree as it is written.
    pub(super) fn tree(self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        for root in &self.roots {
            tree.push(self.group(*root));
        }
        tree
    }

    fn group(&self, node: usize) -> TagGroup {
        let Tagged { kind, children } = &self.nodes[node];
        let children = children.iter().map(|child| match child {
            Child::Node(node) => Node::Group(self.group(*node)),
            Child::Drawn(what) => Node::Leaf(*what),
        });
        TagGroup::with_children(kind.clone(), children.collect())
    }
}
