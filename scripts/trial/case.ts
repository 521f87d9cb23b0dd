/** An edit of one file of the product: a new file, or lines inserted after lines that must stand in it exactly once. */
export interface Step {
  file: string
  create?: string
  insert?: readonly { after: string; text: string }[]
}

/** One of the things that developers add to Parley: what it costs, and a test that shows that it works. */
export interface TrialCase {
  name: string
  /** In the order in which the compiler leads through them. */
  steps: readonly Step[]
  /** Existing tests that must pass with it, as paths for vitest. */
  tests: readonly string[]
  /** A test of the new thing. It counts as no file of the product. */
  check: { file: string; text: string }
}
