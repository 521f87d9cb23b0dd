import { words } from '../words/index.ts'

interface Props {
  label: string
  /** Oldest first. */
  lines: readonly {
    level: keyof typeof words.logs.levels
    message: string
    extras: readonly unknown[]
  }[]
}

/** What a run has logged. */
export function LogLines({ label, lines }: Props) {
  return (
    <ol className="log-lines" tabIndex={0} aria-label={label}>
      {lines.map(({ level, message, extras }, index) => (
        <li key={index} className={level.toLowerCase()}>
          <span className="level">{words.logs.levels[level]}</span> <bdi>{message}</bdi>
          {extras.length > 0 && (
            <code> {extras.map((extra) => JSON.stringify(extra)).join(' ')}</code>
          )}
        </li>
      ))}
    </ol>
  )
}
