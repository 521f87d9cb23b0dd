import type { testFunction } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import type * as z from 'zod'
import { useMay } from '../session/use-session.ts'
import { JsonView } from '../ui/json-view.tsx'
import { LogLines } from '../ui/log-lines.tsx'
import { eventWords } from '../words/events.ts'
import { words } from '../words/index.ts'

interface Props {
  accountId: string
  result: z.output<typeof testFunction.reply>
}

/** What a function returned for a test event. */
export function TestResult({ accountId, result }: Props) {
  const mayReadRuns = useMay(accountId, 'record:read')
  const t = eventWords
  const { outcome, durationMs, recordId, logs, errorMessage, stack } = result
  const isGood = outcome === 'SUCCEEDED'
  return (
    <>
      <h2>{t.sent}</h2>
      <p>
        <strong className={isGood ? 'good' : 'bad'}>{words.editor.outcomes[outcome]}</strong>{' '}
        <span className="faint">{t.took(durationMs)}</span>{' '}
        {mayReadRuns && (
          <Link to="/$accountId/runs/$recordId" params={{ accountId, recordId }}>
            {t.run}
          </Link>
        )}
      </p>
      {isGood ? (
        <JsonView label={t.sent} value={result.result} />
      ) : (
        <pre className="bad" tabIndex={0}>
          {stack ??
            (typeof errorMessage === 'string' ? errorMessage : JSON.stringify(errorMessage))}
        </pre>
      )}
      <p className="faint">{t.commands}</p>
      <h3>{t.logs}</h3>
      {logs.length === 0 ? (
        <p className="faint">{t.noLogs}</p>
      ) : (
        <LogLines label={t.logs} lines={logs} />
      )}
    </>
  )
}
