import type { Chat } from '@parley/contract'
import { Bot, CircleDot, ClipboardCheck, Headset, Mail, StickyNote, User } from 'lucide-react'
import { JsonView } from '../ui/json-view.tsx'
import type { TimelineItem } from '../ui/timeline-list.tsx'
import { conversationWords } from '../words/conversations.ts'
import { DecisionDetails, SurveyDetails } from './chat-change-details.tsx'
import type { ChatContext } from './chat-context.ts'
import type { ChatChange, ChatLine, MailLine, WrittenLine } from './chat-timeline.ts'
import { chatWords as t } from './chat-words.ts'
import { MailDetails, MailStateChip } from './mail-details.tsx'
import { ReturnedMails } from './returned-mails.tsx'
import { runItem } from './run-item.tsx'

const ICON_PX = 16

/** One line of the timeline of a live chat as the list shows it. */
export function chatItemOf(line: ChatLine, context: ChatContext): TimelineItem {
  switch (line.kind) {
    case 'line':
      return writtenItem(line)
    case 'change':
      return changeItem(line, context)
    case 'run':
      return runItem(line, context, <ReturnedMails run={line} {...context} />)
    case 'mail':
      return mailItem(line, context)
  }
}

function writtenItem({ key, at, said }: WrittenLine): TimelineItem {
  const isConsumer = said.type === 'line' && said.by === 'CONSUMER'
  const isNote = said.type === 'note'
  const Icon = isConsumer ? User : isNote ? StickyNote : Headset
  return {
    key,
    at,
    lane: isConsumer ? 'consumer' : isNote ? 'bot' : 'agent',
    icon: <Icon aria-hidden size={ICON_PX} />,
    head: (
      <>
        <span className="timeline-who">
          <bdi>{said.name}</bdi>
        </span>{' '}
        <bdi>{said.text}</bdi>
        {isNote && <span className="chip warn">{t.note}</span>}
      </>
    ),
    body: () => (
      <>
        <h3>{conversationWords.why}</h3>
        <p>{conversationWords.whyWriter(said.name)}</p>
        <details>
          <summary>{conversationWords.raw}</summary>
          <JsonView label={conversationWords.raw} value={said} />
        </details>
      </>
    ),
  }
}

function changeItem({ key, at, change }: ChatChange, context: ChatContext): TimelineItem {
  const { chat } = context
  const plain = (head: string): TimelineItem => ({
    key,
    at,
    lane: 'system',
    icon: <CircleDot aria-hidden size={ICON_PX} />,
    head: <bdi>{head}</bdi>,
    body: () => <JsonView label={conversationWords.raw} value={change} />,
  })
  switch (change.type) {
    case 'started':
      return {
        ...plain(t.started(chat.consumer.name, chat.skillName)),
        body: () => <JsonView label={conversationWords.raw} value={formOf(chat)} />,
      }
    case 'accepted':
      return plain(t.accepted(change.name))
    case 'joined':
      return plain(t.joined(change.name))
    case 'left':
      return plain(t.left(change.name))
    case 'transferred':
      return plain(t.transferred(change.name, change.toName ?? change.skillName))
    case 'ended':
      return plain(endText(change))
    case 'survey': {
      const { survey } = change
      return {
        ...plain(t.submitted(survey.csatRank)),
        lane: 'consumer',
        icon: <ClipboardCheck aria-hidden size={ICON_PX} />,
        body: () => <SurveyDetails survey={survey} {...context} />,
      }
    }
    case 'decision': {
      const { decision } = change
      const { outcome, mailIds } = decision
      const head = outcome === 'mails' ? t.decided.mails(mailIds.length) : t.decided[outcome]
      return {
        ...plain(head),
        icon: <Bot aria-hidden size={ICON_PX} />,
        isBad: outcome === 'failed' || decision.leftOut.length > 0,
        body: () => <DecisionDetails decision={decision} runs={change.runs} {...context} />,
      }
    }
  }
}

function mailItem(line: MailLine, context: ChatContext): TimelineItem {
  const { key, at, mail } = line
  return {
    key,
    at,
    lane: 'bot',
    isBad: ['refused', 'failed', 'bounced'].includes(mail.state),
    icon: <Mail aria-hidden size={ICON_PX} />,
    head: (
      <>
        <span className="timeline-who">
          <bdi>{t.mail(mail.targetEmail)}</bdi>
        </span>{' '}
        <bdi>{mail.subject}</bdi>
        <MailStateChip state={mail.state} />
        {mail.tries > 1 && (
          <span className="chip warn">{conversationWords.attempts(mail.tries)}</span>
        )}
      </>
    ),
    body: () => <MailDetails line={line} {...context} />,
  }
}

/** What the consumer filled in, and where it came from. */
function formOf({ consumer, skillName, context, campaignInfo }: Chat) {
  return { consumer, skillName, context, campaignInfo }
}

function endText({ by, reason }: Extract<ChatChange['change'], { type: 'ended' }>): string {
  if (reason === 'silence') return t.ended.silence
  if (reason === 'not-taken') return t.ended.notTaken
  return by === 'CONSUMER' ? t.ended.closed.CONSUMER : t.ended.closed.AGENT
}
