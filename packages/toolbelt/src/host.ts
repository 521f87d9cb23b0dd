/** What the sandbox gives the toolbelt. */
export interface ToolbeltHost {
  /** Asks the platform; rejects with an error that carries the platform's `code`. */
  ask(kind: string, args: unknown): Promise<unknown>
}
