import { type BuilderConversation, listBuilderConversations } from '@parley/contract'
import { useInfiniteQuery } from '@tanstack/react-query'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { ConversationLink } from '../ui/conversation-link.tsx'
import { Empty } from '../ui/empty.tsx'
import { Listed } from '../ui/listed.tsx'
import { Ago } from '../ui/time.tsx'
import { botWords as t } from './words.ts'

/** Where each open conversation of a bot stands. */
export function BotConversations({ accountId, botId }: { accountId: string; botId: string }) {
  const { skillName } = useSkills(accountId)
  const query = useInfiniteQuery({
    queryKey: ['bot-conversations', accountId, botId],
    queryFn: ({ pageParam }) =>
      ask(accountId, listBuilderConversations, { params: { botId }, query: { after: pageParam } }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next,
  })
  return (
    <Listed
      label={t.parts.conversations}
      query={query}
      rowsOf={({ pages }) => pages.flatMap(({ conversations }) => conversations)}
      keyOf={({ conversationId }: BuilderConversation) => conversationId}
      empty={<Empty text={t.noConversations} />}
      columns={[
        {
          head: t.conversation,
          cell: ({ channel, conversationId }) => (
            <>
              <ConversationLink {...{ accountId, channel }} id={conversationId}>
                {conversationId.slice(0, 8)}
              </ConversationLink>{' '}
              {channel === 'chat' && t.channels.chat}
            </>
          ),
        },
        { head: t.skills, cell: ({ skillId }) => skillName(skillId) },
        { head: t.stands, cell: standing },
        {
          head: t.since,
          cell: ({ since, standsSince, revision }) => (
            <>
              <Ago at={standsSince ?? since} />{' '}
              {revision !== undefined && <span className="faint">{t.ofRevision(revision)}</span>}
            </>
          ),
        },
        {
          head: t.notes,
          cell: ({ notes }) => (
            <ul className="step-rules">
              {notes.map(({ interaction, what }, index) => (
                <li key={index}>{t.note(interaction, what)}</li>
              ))}
            </ul>
          ),
        },
      ]}
    />
  )
}

function standing({ dialog, interaction, revision }: BuilderConversation) {
  if (revision === undefined) return <span className="faint">{t.notBegun}</span>
  if (!dialog) return <span className="faint">{t.between}</span>
  return (
    <bdi>
      {dialog.name}
      {interaction && ` › ${interaction.name}`}
    </bdi>
  )
}
