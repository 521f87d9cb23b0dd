import type { WholeConversation } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import { useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { JsonView } from '../ui/json-view.tsx'
import { Ago, Due } from '../ui/time.tsx'
import { conversationWords } from '../words/conversations.ts'
import { EraseConsumer } from './erase-consumer.tsx'

interface Props {
  accountId: string
  conversation: WholeConversation
}

/** Who takes part, where it stands, and what time will bring. */
export function ConversationFacts({ accountId, conversation }: Props) {
  const { skillName } = useSkills(accountId)
  const { userName } = useUserNames(accountId)
  const t = conversationWords
  const {
    consumerId,
    consumerName,
    stage,
    skillId,
    assignedAgentId,
    waitingSince,
    endedAt,
    closedBy,
  } = conversation
  const { context, clientProperties, campaignInfo, csat } = conversation
  const said = Object.fromEntries(
    Object.entries({ context, clientProperties, campaignInfo, csat }).filter(
      ([, value]) => value !== undefined,
    ),
  )
  return (
    <aside className="conversation-facts" aria-label={t.facts}>
      <h2>{t.facts}</h2>
      <dl className="pairs">
        <dt>{t.state}</dt>
        <dd>
          <span className={`chip ${stage === 'OPEN' ? 'good' : ''}`}>{t.states[stage]}</span>
        </dd>
        <dt>Id</dt>
        <dd>
          <code>{conversation.conversationId}</code>
        </dd>
        <dt>{t.consumer}</dt>
        <dd>
          {consumerName !== undefined && <bdi className="line">{consumerName}</bdi>}
          <Link
            to="/$accountId/conversations"
            params={{ accountId }}
            search={{ consumer: consumerId }}
          >
            <bdi>{consumerId}</bdi>
          </Link>
          <span className="faint line">
            {conversation.authenticated ? t.verified : t.anonymous}
          </span>
        </dd>
        <dt>{t.skill}</dt>
        <dd>{skillId === '-1' ? t.noSkill : skillName(skillId)}</dd>
        <dt>{t.agent}</dt>
        <dd>{assignedAgentId === undefined ? t.nobody : <bdi>{userName(assignedAgentId)}</bdi>}</dd>
        {waitingSince !== undefined && (
          <>
            <dt>{t.waiting}</dt>
            <dd>
              <Ago at={waitingSince} />
            </dd>
          </>
        )}
        <dt>{t.started}</dt>
        <dd>
          <Ago at={conversation.startedAt} />
        </dd>
        {endedAt !== undefined && (
          <>
            <dt>{t.ended}</dt>
            <dd>
              <Ago at={endedAt} /> {closedBy && t.by(t.closers[closedBy] ?? closedBy)}
            </dd>
          </>
        )}
        {conversation.runs && (
          <>
            <dt>{t.runs}</dt>
            <dd>{t.runCount(conversation.runs.total, conversation.runs.failed)}</dd>
          </>
        )}
      </dl>
      <h2>{t.comes}</h2>
      {conversation.timers.length === 0 && <p className="faint">{t.nothingComes}</p>}
      <ul className="bare-list">
        {conversation.timers.map(({ name, at }) => (
          <li key={name}>
            {t.timers[name] ?? t.timer(name)}
            <span className="faint line">
              <Due at={at} />
            </span>
          </li>
        ))}
      </ul>
      {Object.keys(said).length > 0 && (
        <>
          <h2>{t.raw}</h2>
          <JsonView label={t.raw} value={said} />
        </>
      )}
      <EraseConsumer {...{ accountId, consumerId, consumerName }} />
    </aside>
  )
}
