// `never` for what differs from file to file: every function fits.
type Operation = (deps: never, ...args: never[]) => unknown
type Operations = Record<string, Operation>

/** The first arguments of all operations together. */
type DepsOf<Named extends Operations> = {
  [Name in keyof Named]: (deps: Parameters<Named[Name]>[0]) => void
}[keyof Named] extends (deps: infer Deps) => void
  ? Deps
  : never

/** The operations without their first argument. */
export type WithDeps<Named extends Operations> = {
  readonly [Name in keyof Named]: Named[Name] extends (
    deps: never,
    ...args: infer Args
  ) => infer Answer
    ? (...args: Args) => Answer
    : never
}

/**
 * Turns operations, functions that take what they need as their first argument, into methods of a module. Give it files as
 * wholes (`import * as publishing from './publish.ts'`): then an editor leads from the method to the function.
 */
export function withDeps<Named extends Operations>(
  deps: DepsOf<Named>,
  operations: Named,
): WithDeps<Named> {
  const bound = Object.entries(operations).map(([name, operation]) => [
    name,
    (...args: never[]) => operation(deps as never, ...args),
  ])
  return Object.fromEntries(bound) as WithDeps<Named>
}
