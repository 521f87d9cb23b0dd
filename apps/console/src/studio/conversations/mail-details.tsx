import { getMail, type MailState } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { conversationWords } from '../words/conversations.ts'
import { locale } from '../words/index.ts'
import type { ChatContext } from './chat-context.ts'
import type { MailLine } from './chat-timeline.ts'
import { chatWords as t } from './chat-words.ts'
import { EventLink } from './event-link.tsx'
import { nameOf } from './line-context.ts'
import { RunLinks } from './run-links.tsx'

interface Props extends ChatContext {
  line: MailLine
}

const LOOKS: Record<MailState, 'bad' | 'good' | 'warn'> = {
  queued: 'warn',
  held: 'warn',
  deferred: 'warn',
  sent: 'good',
  kept: 'warn',
  refused: 'bad',
  failed: 'bad',
  bounced: 'bad',
}

export function MailStateChip({ state }: { state: MailState }) {
  return <span className={`chip ${LOOKS[state]}`}>{t.mailStates[state]}</span>
}

/** Why a consumer, or somebody else, gets this mail, and what has become of it. */
export function MailDetails({ line, ...context }: Props) {
  const { accountId, reveal } = context
  const { mail, run } = line
  const { state, heldBecause, nextAttemptAt, attempts, tries } = mail
  return (
    <>
      <h3>{conversationWords.why}</h3>
      <p>
        {t.whyEvent} <EventLink accountId={accountId} />.{' '}
        {line.by === 'rules' ? (
          t.whyRule(mail.source)
        ) : (
          <bdi>{t.whyFunction(run ? nameOf(run, context) : mail.source)}</bdi>
        )}
      </p>
      <p className="links">
        <Button kind="quiet" onPress={() => reveal('survey')}>
          {t.toSurvey}
        </Button>
        <Button kind="quiet" onPress={() => reveal('decision')}>
          {t.toDecision}
        </Button>
      </p>
      {run && (
        <RunLinks accountId={accountId} run={run.last}>
          <Button kind="quiet" onPress={() => reveal(run.key)}>
            {conversationWords.cause}
          </Button>
        </RunLinks>
      )}
      <dl className="pairs">
        <dt>{t.to}</dt>
        <dd>
          <bdi>{mail.targetEmail}</bdi>
        </dd>
        <dt>{t.from}</dt>
        <dd>
          <bdi>
            {mail.senderName} &lt;{mail.senderEmail}&gt;
          </bdi>
        </dd>
        <dt>{t.subject}</dt>
        <dd>
          <bdi>{mail.subject}</bdi>
        </dd>
        <dt>{t.state}</dt>
        <dd>
          {t.mailStates[state]} · <Ago at={mail.updatedAt} />
          {state === 'held' && <span className="faint line">{heldBecause ?? t.heldByHand}</span>}
        </dd>
        {nextAttemptAt !== undefined && (
          <>
            <dt>{t.nextAttempt}</dt>
            <dd>
              <Due at={nextAttemptAt} />
            </dd>
          </>
        )}
        <dt>{t.messageId}</dt>
        <dd>
          <code>{mail.messageId}</code>
        </dd>
      </dl>
      <h3>{t.attempts}</h3>
      {attempts.length === 0 && <p className="faint">{t.noAttempts}</p>}
      {tries > attempts.length && <p className="faint">{t.lastOf(attempts.length, tries)}</p>}
      <ol className="attempts">
        {attempts.map(({ at, outcome, answer }, index) => (
          <li key={index}>
            <time dateTime={at}>{new Date(at).toLocaleString(locale)}</time>{' '}
            <span className={outcome === 'sent' || outcome === 'kept' ? 'good' : 'bad'}>
              {t.outcomes[outcome]}
            </span>{' '}
            <bdi className="faint">{answer}</bdi>
          </li>
        ))}
      </ol>
      <MailContent accountId={accountId} mailId={mail.mailId} />
    </>
  )
}

/** Its text, once somebody asks for it: who reads a mail is noted. */
function MailContent({ accountId, mailId }: { accountId: string; mailId: string }) {
  const [isWanted, setWanted] = useState(false)
  const query = useQuery({
    queryKey: ['mail', accountId, mailId],
    queryFn: () => ask(accountId, getMail, { params: { mailId } }),
    enabled: isWanted,
  })
  if (!isWanted) {
    return (
      <p>
        <Button onPress={() => setWanted(true)}>{t.sayIt}</Button>
      </p>
    )
  }
  return (
    <>
      <h3>{t.says}</h3>
      <Loaded query={query}>
        {({ text }) => (
          <pre tabIndex={0} aria-label={t.says}>
            <bdi>{text}</bdi>
          </pre>
        )}
      </Loaded>
    </>
  )
}
