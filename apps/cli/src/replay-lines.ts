import type { AppliedReplay, Difference, Replay } from '@parley/contract'

const MAX_SHOWN = 10
const MAX_CHARACTERS = 160

/** What is shown of one repeated run; `different`: where, as far as it is known. */
export interface ShownReplay extends Pick<Replay, 'replayOf' | 'outcome' | 'notes'> {
  recordedVersion: number
  version: number
  differences: readonly Difference[]
}

/** A line for the run, and one for each of its first differences. */
export function replayLines(one: ShownReplay): string {
  const { replayOf, version, recordedVersion, differences, notes, outcome } = one
  const isSame = differences.length === 0
  const versions =
    version === recordedVersion ? `version ${version}` : `version ${recordedVersion} → ${version}`
  const said = isSame ? 'the same' : `${differences.length} different`
  const lines = differences.slice(0, MAX_SHOWN).map((found) => `  ${lineOf(found)}`)
  const more =
    differences.length > MAX_SHOWN ? [`  and ${differences.length - MAX_SHOWN} more`] : []
  const told = isSame ? [] : notes.map((note) => `  (${note})`)
  return [`${replayOf}  ${versions}  ${outcome}  ${said}`, ...lines, ...more, ...told, ''].join(
    '\n',
  )
}

/** A line for each command that a replay was to apply. */
export function commandLines({ commands }: Pick<AppliedReplay, 'commands'>): string {
  if (commands.length === 0) return '  no command was applied\n'
  return commands
    .map(({ type, applied, reason }) => {
      const why = reason === undefined ? '' : `: ${reason}`
      return `  ${type} ${applied ? 'applied' : 'not applied'}${why}\n`
    })
    .join('')
}

export function notReplayedLine(recordId: string, why: string): string {
  return `${recordId}  not replayed: ${why}\n`
}

function lineOf({ part, path, recorded, replayed }: Difference): string {
  const place = path === '' ? part : `${part} ${path}`
  return `${place}: ${shortOf(recorded)} → ${shortOf(replayed)}`
}

function shortOf(value: unknown): string {
  const text = value === undefined ? '-' : JSON.stringify(value)
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text
}
