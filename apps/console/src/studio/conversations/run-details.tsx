import { listLogs } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { JsonView } from '../ui/json-view.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { LogLines } from '../ui/log-lines.tsx'
import { conversationWords } from '../words/conversations.ts'
import { locale, words } from '../words/index.ts'
import { RunCommands } from './run-commands.tsx'
import { RunLinks } from './run-links.tsx'
import type { Run, RunLine } from './timeline.ts'
import type { LineContext } from './line-context.ts'

interface Props extends Pick<LineContext, 'accountId' | 'reveal'> {
  line: RunLine
  /** What followed from it, where that is not commands and messages. */
  effects?: ReactNode
}

const HOUR_MS = 3_600_000

/** What a function was asked, did and returned: each attempt, and what the consumer saw meanwhile. */
export function RunDetails({ line, accountId, reveal, effects }: Props) {
  const t = conversationWords
  const { attempts, last } = line
  return (
    <>
      <dl className="pairs">
        <dt>{t.event}</dt>
        <dd>
          {last.eventId === undefined ? (
            t.called
          ) : (
            <Link to="/$accountId/events" params={{ accountId }} search={{ event: last.eventId }}>
              {last.eventId}
            </Link>
          )}
        </dd>
      </dl>
      <ol className="attempts">
        {attempts.map((run) => (
          <li key={run.recordId}>
            {attempts.length > 1 && <strong>{t.attempt(run.attempt)}: </strong>}
            <time dateTime={run.startedAt}>
              {new Date(run.startedAt).toLocaleTimeString(locale)}
            </time>{' '}
            <span className={run.outcome === 'SUCCEEDED' ? 'good' : 'bad'}>
              {words.editor.outcomes[run.outcome]}
            </span>{' '}
            <span className="faint">
              {t.version(run.version)} · {t.took(run.durationMs)}
              {attempts.length > 1 && run === last && ` · ${t.counted}`}
            </span>
            {run.errorMessage !== undefined && (
              <p className="bad">
                <bdi>{run.errorMessage}</bdi> <code>{run.errorCode}</code>
              </p>
            )}
          </li>
        ))}
      </ol>
      {effects ?? <Effects line={line} reveal={reveal} />}
      <h3>{t.calls}</h3>
      <Calls accountId={accountId} run={last} />
      <h3>{t.logs}</h3>
      <Logs accountId={accountId} line={line} />
      <RunLinks accountId={accountId} run={last} />
      <details>
        <summary>{t.result}</summary>
        <JsonView label={t.result} value={last.result} />
      </details>
      <details>
        <summary>{t.input}</summary>
        <JsonView label={t.input} value={last.input} />
      </details>
    </>
  )
}

/** What became of its commands, and what the consumer saw meanwhile. */
function Effects({ line: { last, saw }, reveal }: Pick<Props, 'line' | 'reveal'>) {
  const t = conversationWords
  return (
    <>
      <RunCommands run={last} />
      <h3>{t.saw}</h3>
      {saw.length === 0 && <p className="faint">{t.sawNothing}</p>}
      <ul className="bare-list">
        {saw.map(({ key, at, text }) => (
          <li key={key}>
            <button type="button" className="button quiet" onClick={() => reveal(key)}>
              <time dateTime={at}>{new Date(at).toLocaleTimeString(locale)}</time>{' '}
              <bdi>{text ?? t.notText}</bdi>
            </button>
          </li>
        ))}
      </ul>
    </>
  )
}

function Calls({ accountId, run: { outgoing, functionId } }: { accountId: string; run: Run }) {
  const t = conversationWords
  if (!outgoing || outgoing.length === 0) return <p className="faint">{t.noCalls}</p>
  return (
    <ul className="bare-list">
      {outgoing.map(({ method, host, status, refused, failed, ms, calledFrom }, index) => (
        <li key={index}>
          <code>
            {method} {host}
          </code>{' '}
          {refused !== undefined && (
            <Link
              to="/$accountId/domains"
              params={{ accountId }}
              search={{ functionId }}
              className="bad"
            >
              {t.refused}: {refused}
            </Link>
          )}
          {failed !== undefined && (
            <span className="bad">
              {t.failed}: {failed}
            </span>
          )}
          {status !== undefined && <span>{status}</span>}{' '}
          <span className="faint">
            {ms !== undefined && t.took(ms)} {calledFrom}
          </span>
        </li>
      ))}
    </ul>
  )
}

function Logs({ accountId, line: { at, last } }: { accountId: string; line: RunLine }) {
  const mayRead = useMay(accountId, 'log:read')
  const t = conversationWords
  const { invocationId, functionId } = last
  const query = useQuery({
    queryKey: ['logs-of-run', accountId, invocationId, functionId, last.recordId],
    queryFn: () =>
      ask(accountId, listLogs, {
        query: {
          invocationId,
          functionId,
          from: new Date(Date.parse(at) - 1_000).toISOString(),
          to: new Date(Date.parse(last.startedAt) + HOUR_MS).toISOString(),
        },
      }),
    enabled: mayRead,
  })
  if (!mayRead) return <p className="faint">{words.logs.mayNot}</p>
  return (
    <Loaded query={query}>
      {({ entries }) =>
        entries.length === 0 ? (
          <p className="faint">{t.noLogs}</p>
        ) : (
          <LogLines label={t.logs} lines={entries.toReversed()} />
        )
      }
    </Loaded>
  )
}
