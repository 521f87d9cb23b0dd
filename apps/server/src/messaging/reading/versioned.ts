/** A stored document as it was read. A commit that names an older version changes nothing. */
export interface Versioned<State> {
  /** 0: not stored yet. */
  version: number
  state: State
}
