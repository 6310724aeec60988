//! The process that owns the sandbox: slots with prebuilt namespaces, in which candidates' programs run.
