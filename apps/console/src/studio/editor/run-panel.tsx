import type { testFunction } from '@parley/contract'
import type * as z from 'zod'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { lineOf } from '../runs/place.ts'
import { RunCalls } from '../runs/run-calls.tsx'
import { Button } from '../ui/button.tsx'
import { words } from '../words/index.ts'
import { runWords } from '../words/runs.ts'
import { RunCommandsPreview } from './run-commands-preview.tsx'

export type RunResult = z.output<typeof testFunction.reply>

interface Props {
  result: RunResult | undefined
  error: unknown
  isRunning: boolean
  /** Its result is read as commands. */
  hasCommands: boolean
  /** Shows a line of the source. */
  onLine: (line: number) => void
}

/** What a run of the draft returned and logged. */
export function RunPanel({ result, error, isRunning, hasCommands, onLine }: Props) {
  const t = words.editor
  const link = (place: string) => {
    const line = lineOf(place)
    if (line === undefined) return <code>{place}</code>
    return (
      <Button kind="quiet" onPress={() => onLine(line)}>
        {t.line(line)}
      </Button>
    )
  }
  return (
    <section className="run" aria-label={t.result} aria-busy={isRunning}>
      <h2>{t.result}</h2>
      <div role="status">
        {isRunning && <p className="faint">{t.running}</p>}
        {!isRunning && !result && error === null && <p className="faint">{t.noRun}</p>}
        {!isRunning && result && (
          <p>
            <strong className={result.outcome === 'SUCCEEDED' ? 'good' : 'bad'}>
              {t.outcomes[result.outcome]}
            </strong>{' '}
            <span className="faint">{t.took(Math.round(result.durationMs))}</span>
          </p>
        )}
      </div>
      {error !== null && !isRunning && <ErrorNotice error={error} />}
      {result && !isRunning && (
        <>
          {result.outcome === 'SUCCEEDED' ? (
            <pre tabIndex={0}>{JSON.stringify(result.result, null, 2) ?? 'undefined'}</pre>
          ) : (
            <pre tabIndex={0} className="bad">
              {result.stack ?? textOf(result.errorMessage)}
            </pre>
          )}
          {result.stack !== undefined && lineOf(result.stack) !== undefined && (
            <p>{link(result.stack)}</p>
          )}
          {hasCommands && <RunCommandsPreview result={result.result} />}
          {result.warnings.map((warning) => (
            <p key={warning} className="notice">
              {warning}
            </p>
          ))}
          <h3>{t.logs}</h3>
          {result.logs.length === 0 && <p className="faint">{t.noLogs}</p>}
          <ol className="log-lines">
            {result.logs.map(({ level, message, extras, timestamp }, index) => (
              <li key={`${timestamp}-${index}`} className={level.toLowerCase()}>
                <span className="level">{words.logs.levels[level]}</span> <bdi>{message}</bdi>
                {extras.length > 0 && (
                  <code> {extras.map((extra) => textOf(extra)).join(' ')}</code>
                )}
                {placesOf(extras).map((place) => (
                  <span key={place}>{link(place)}</span>
                ))}
              </li>
            ))}
          </ol>
          {result.outgoing.length > 0 && (
            <>
              <h3>{runWords.calls}</h3>
              <RunCalls calls={result.outgoing} link={link} />
            </>
          )}
        </>
      )}
    </section>
  )
}

/** The stacks of errors that were logged. */
function placesOf(extras: readonly unknown[]): string[] {
  return extras.flatMap((extra) => {
    const stack = typeof extra === 'object' && extra !== null && 'stack' in extra ? extra.stack : ''
    return typeof stack === 'string' && lineOf(stack) !== undefined ? [stack] : []
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '')
}
