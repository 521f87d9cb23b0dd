import type { BoardConversation } from '@parley/contract'
import { Bot } from 'lucide-react'
import { ConversationLink } from '../ui/conversation-link.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { Waited } from './waited.tsx'
import { who } from './who.ts'
import { boardWords as t } from './words.ts'

interface Props {
  accountId: string
  conversations: readonly BoardConversation[]
  skillName: (id: string) => string
  userName: (id: string) => string
  onOrder: (conversation: BoardConversation) => void
}

/** One page of what is open. A conversation or a live chat leads to its timeline, which goes on by itself. */
export function ConversationsTable(props: Props) {
  const { accountId, conversations, skillName, userName, onOrder } = props
  return (
    <PlainTable
      label={t.conversations}
      rows={conversations}
      keyOf={({ id }) => id}
      columns={[
        {
          head: t.conversation,
          cell: (conversation) => (
            <ConversationLink {...{ accountId, ...conversation }} title={conversation.id}>
              <bdi>{who(conversation)}</bdi>{' '}
              <span className="faint">
                {conversation.channel === 'chat' && `${t.chat} `}
                {conversation.id.slice(0, 8)}
              </span>
            </ConversationLink>
          ),
        },
        {
          head: t.why,
          cell: ({ risks }) =>
            risks.map((risk) => (
              <span key={risk} className={`chip ${risk === 'late' ? 'bad' : 'warn'}`}>
                {t.risks[risk]}
              </span>
            )),
        },
        { head: t.skill, cell: ({ skillId }) => <bdi>{skillName(skillId)}</bdi> },
        {
          head: t.agent,
          cell: ({ agentId, isWithBot }) =>
            agentId === undefined ? (
              <span className="faint">{t.nobody}</span>
            ) : (
              <>
                {isWithBot && <Bot role="img" aria-label={t.bot} size={14} />}{' '}
                <bdi>{userName(agentId)}</bdi>
              </>
            ),
        },
        {
          head: t.waiting,
          cell: ({ waitingSince }) => waitingSince !== undefined && <Waited since={waitingSince} />,
        },
        {
          head: t.unanswered,
          cell: ({ unansweredSince }) =>
            unansweredSince !== undefined && <Waited since={unansweredSince} />,
        },
        {
          head: t.due,
          cell: ({ answerDueAt, risks }) =>
            answerDueAt !== undefined &&
            (risks.includes('late') ? <Ago at={answerDueAt} /> : <Due at={answerDueAt} />),
        },
        {
          head: t.order,
          cell: (conversation) => (
            <button
              type="button"
              className="button"
              aria-label={t.orderFor(conversation.id.slice(0, 8))}
              onClick={() => onOrder(conversation)}
            >
              {t.order}
            </button>
          ),
        },
      ]}
    />
  )
}
