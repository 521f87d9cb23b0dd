import { getInvocation, type WholeInvocation } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { MessagesSquare, SquarePen } from 'lucide-react'
import type { ReactNode } from 'react'
import { ask } from '../api/server.ts'
import { TRANSCRIPT_EVENT } from '../conversations/transcript-event.ts'
import { ReplayRun } from '../replay/replay-run.tsx'
import { useMay } from '../session/use-session.ts'
import { ConversationLink } from '../ui/conversation-link.tsx'
import { Facts } from '../ui/facts.tsx'
import { Json } from '../ui/json.tsx'
import { OutcomeChip } from '../ui/outcome-chip.tsx'
import { Page } from '../ui/page.tsx'
import { Instant } from '../ui/time.tsx'
import { useUnread } from '../ui/use-unread.tsx'
import { Waiting } from '../ui/waiting.tsx'
import { ms, runWords as t } from '../words/runs.ts'
import { lineOf } from './place.ts'
import { RunCalls } from './run-calls.tsx'
import { RunCommands } from './run-commands.tsx'
import { RunLog } from './run-log.tsx'
import { SourceExcerpt } from './source-excerpt.tsx'

/** One run: what it was given, what it did, and what became of it. */
export function RunPage() {
  const { accountId, recordId } = useParams({ from: '/$accountId/runs/$recordId' })
  const query = useQuery({
    queryKey: ['run', accountId, recordId],
    queryFn: () => ask(accountId, getInvocation, { params: { recordId } }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const { unread, notice } = useUnread(query)
  const { data } = query
  // What has run does not change: it stays where it cannot be read again.
  if (data) return <Run key={recordId} accountId={accountId} run={data} />
  return unread === undefined ? <Waiting /> : <Page title={t.title}>{notice}</Page>
}

function Run({ accountId, run }: { accountId: string; run: WholeInvocation }) {
  const { functionId, recordId, version } = run
  const maySource = useMay(accountId, 'function:source')
  const mayReplay = useMay(accountId, 'record:replay')
  const mayReadConversation = useMay(accountId, 'conversation:read')
  const { conversationId } = run
  const line = lineOf(run.stack)
  const toSource = (text: ReactNode, at?: number) =>
    maySource ? (
      <Link
        to="/$accountId/functions/$functionId"
        params={{ accountId, functionId }}
        search={{ version, line: at }}
      >
        {text}
      </Link>
    ) : (
      text
    )
  return (
    <Page
      title={t.one(run.functionName ?? functionId.slice(0, 8))}
      actions={
        <>
          {mayReadConversation && conversationId !== undefined && (
            <ConversationLink
              className="button"
              accountId={accountId}
              channel={run.eventId === TRANSCRIPT_EVENT ? 'chat' : 'messaging'}
              id={conversationId}
              at={recordId}
            >
              <MessagesSquare aria-hidden size={16} />
              {t.inTimeline}
            </ConversationLink>
          )}
          {maySource && run.input !== null && (
            <Link
              className="button"
              to="/$accountId/functions/$functionId"
              params={{ accountId, functionId }}
              search={{ run: recordId }}
            >
              <SquarePen aria-hidden size={16} />
              {t.openEditor}
            </Link>
          )}
        </>
      }
    >
      <RunFacts accountId={accountId} run={run} version={toSource(version, line)} />
      {run.errorMessage !== undefined && (
        <Part title={t.error}>
          <pre tabIndex={0} className="bad">
            {run.errorCode !== undefined && `${run.errorCode}\n`}
            {run.stack ?? run.errorMessage}
          </pre>
          {maySource && line !== undefined && (
            <>
              <h3>
                {t.place}: {toSource(t.line(line), line)}
              </h3>
              <SourceExcerpt {...{ accountId, functionId, version, line }} />
            </>
          )}
        </Part>
      )}
      <div className="beside">
        <Part title={t.input}>
          <Kept label={t.input} value={run.input} />
        </Part>
        <Part title={t.result}>
          {run.result === null && run.errorMessage !== undefined ? (
            <p className="faint">{t.noResult}</p>
          ) : (
            <Kept label={t.result} value={run.result} />
          )}
        </Part>
      </div>
      {run.commands && (
        <Part title={t.commandsTitle}>
          <RunCommands commands={run.commands} result={run.result} />
        </Part>
      )}
      <Part title={t.calls}>
        <RunCalls
          calls={run.outgoing}
          link={(place) => toSource(<code>{place}</code>, lineOf(place))}
        />
      </Part>
      <Part title={t.logs}>
        <RunLog accountId={accountId} run={run} />
      </Part>
      {mayReplay && run.outcome !== 'NOT_RUN' && (
        <Part title={t.replay}>
          <ReplayRun accountId={accountId} recordId={recordId} />
        </Part>
      )}
    </Page>
  )
}

function RunFacts(props: { accountId: string; run: WholeInvocation; version: ReactNode }) {
  const { accountId, run, version } = props
  return (
    <Facts
      facts={[
        [t.outcome, <OutcomeChip key="outcome" outcome={run.outcome} />],
        [t.started, <Instant key="started" at={run.startedAt} />],
        [t.took, ms(run.durationMs)],
        [t.version, version],
        [t.event, run.eventId],
        [t.source, run.source],
        [t.skill, run.skillId],
        [t.attempt, run.attempt],
        [t.start, run.coldStart ? t.cold : t.warm],
        [
          t.conversation,
          run.conversationId !== undefined && (
            <Link
              to="/$accountId/runs"
              params={{ accountId }}
              search={{ conversationId: run.conversationId }}
            >
              {run.conversationId}
            </Link>
          ),
        ],
        [t.requestId, <code key="request">{run.invocationId}</code>],
      ]}
    />
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="part" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** Inputs and results of some runs are not kept. */
function Kept({ label, value }: { label: string; value: unknown }) {
  if (value === null) return <p className="faint">{t.notKept}</p>
  return <Json label={label} value={value} />
}
