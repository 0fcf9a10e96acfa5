/**
 * Files that a scenario names, relative to it. In Node the file system, in a page what the user
 * supplied. A missing or unreadable file rejects with an Error whose message a person understands.
 */
export interface ScenarioFiles {
  /** The whole file as text: small files such as empirical quantiles. */
  readText(path: string): Promise<string>
  /** The file as a sequence of byte chunks: traces of any size. */
  readChunks(path: string): AsyncIterable<Uint8Array>
}
