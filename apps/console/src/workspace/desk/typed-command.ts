import type { AgentCommand, CannedAnswer } from '@parley/contract'

/** What a slash and a name stand for. */
export type Callable =
  | ({ kind: 'command' } & Pick<AgentCommand, 'name' | 'description' | 'hint'>)
  | ({ kind: 'answer' } & Pick<CannedAnswer, 'name' | 'text'>)

/** What stands in the field, as far as it calls a command. */
export interface TypedCommand {
  /** What follows the name; `undefined` while the name is typed. */
  rest: string | undefined
  /** Those that it may become, the best first. */
  found: readonly Callable[]
  /** The one whose name is complete. */
  exact: Callable | undefined
}

/** White space before the slash slips in easily, and is sent with no message. */
export function beginsCommand(text: string): boolean {
  return text.trimStart().startsWith('/')
}

/** `undefined` for what is an ordinary message. */
export function typedCommand(
  text: string,
  commands: readonly Callable[],
): TypedCommand | undefined {
  const [, name, rest] = /^\/(\S*)(?:\s([\s\S]*))?$/.exec(text.trimStart()) ?? []
  if (name === undefined || commands.length === 0) return undefined
  const wanted = name.toLowerCase()
  const exact =
    commands.find((one) => one.name === name) ??
    commands.find((one) => one.name.toLowerCase() === wanted)
  if (rest !== undefined) return { rest, found: exact ? [exact] : [], exact }
  const rank = ({ name: one }: Callable) => (one.toLowerCase().startsWith(wanted) ? 0 : 1)
  const found = commands
    .filter((one) => one.name.toLowerCase().includes(wanted))
    .toSorted((a, b) => rank(a) - rank(b))
  return { rest, found, exact }
}

export interface Argument {
  name: string
  isOptional: boolean
  /** It is the one that is typed now. */
  isCurrent: boolean
}

/** What keeps a command from being run: a quote that is open, or the names of arguments that are missing. */
export type Unfinished = 'quote' | readonly string[]

export function unfinishedPart(command: { hint: string }, rest: string): Unfinished | undefined {
  if (rest.split('"').length % 2 === 0) return 'quote'
  const count = typedArguments(rest).filter((one) => one !== '').length
  const missing = argumentsOf(command)
    .slice(count)
    .filter(({ isOptional }) => !isOptional)
    .map(({ name }) => name)
  return missing.length > 0 ? missing : undefined
}

/** White space between double quotes belongs to its argument. */
function typedArguments(rest: string): string[] {
  return rest.replaceAll(/"[^"]*"?/g, (quoted) => quoted.replaceAll(/\s/g, '_')).split(/\s+/)
}

/** The arguments that the hint of a command names, with the one that is typed now. */
export function argumentsOf({ hint }: { hint: string }, rest = ''): Argument[] {
  const current = typedArguments(rest).filter(
    (one, index, all) => one !== '' || index === all.length - 1,
  )
  return hint
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one, index) => ({
      name: one.replace(/:optional$/, ''),
      isOptional: one.endsWith(':optional'),
      isCurrent: index === current.length - 1,
    }))
}
