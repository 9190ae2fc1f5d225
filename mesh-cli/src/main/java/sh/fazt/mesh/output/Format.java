package sh.fazt.mesh.output;

/** The form in which a command answers. */
public enum Format {
  /** Columns aligned with spaces: for people at a terminal. */
  ALIGNED,
  /** Tables in Markdown: for documents, issues, chats. */
  MARKDOWN,
  /** One JSON value on standard output, failures included: for programs. */
  JSON
}
