import { type BoardConversation, getBoard } from '@parley/contract'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ask } from '../api/server.ts'
import { useSkills } from '../api/use-names.ts'
import { useUserNames } from '../api/use-user-names.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/choice.tsx'
import { Filter } from '../ui/filter.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { AgentsTable } from './agents-table.tsx'
import { ConversationsTable } from './conversations-table.tsx'
import { OrderDialog, type OrderDone } from './order-dialog.tsx'
import { QueuesTable } from './queues-table.tsx'
import { type BoardProps, type BoardSearch, WHICH } from './search.ts'
import { boardWords as t } from './words.ts'

/** The stream of updates is faster; this is for time, which makes answers late. */
const EVERY_MS = 15_000
const PAGE = 50

/** What is open now: queues, agents, conversations at risk. */
export function NowView({ accountId, search, isHeld, change }: BoardProps) {
  const names = { ...useSkills(accountId), ...useUserNames(accountId) }
  const [ordered, setOrdered] = useState<BoardConversation>()
  const [said, setSaid] = useState<OrderDone>()
  const { which = 'any', skill, agent, from = 0 } = search
  const query = useQuery({
    queryKey: ['board', accountId, which, skill, agent, from],
    queryFn: () =>
      ask(accountId, getBoard, {
        query: {
          ...(which !== 'open' && { risk: which }),
          skillId: skill,
          agentId: agent,
          from,
          limit: PAGE,
        },
      }),
    refetchInterval: isHeld ? false : EVERY_MS,
    meta: { isHeld },
    placeholderData: keepPreviousData,
  })
  const { data, isPlaceholderData } = query
  const lastPage = data && Math.floor(Math.max(0, data.found - 1) / PAGE) * PAGE
  useEffect(() => {
    // An address, or rows that have gone meanwhile, may lead beyond the end.
    if (lastPage === undefined || isPlaceholderData || from <= lastPage) return
    change({ from: lastPage || undefined })
  }, [lastPage, isPlaceholderData, from, change])
  const skillName = (id: string): string => (id === '-1' ? t.noSkill : names.skillName(id))
  const filter = (part: typeof search): void => change({ from: undefined, ...part })
  return (
    <Loaded query={query}>
      {(board) => {
        const last = Math.min(board.found, from + PAGE)
        return (
          <>
            <p role="status">{t.open(board.open, board.waiting, board.risks.any)}</p>
            {board.isCut && <p className="notice">{t.cut}</p>}
            <div className="board-tables">
              <section aria-labelledby="queues">
                <h2 id="queues">{t.queues}</h2>
                <QueuesTable
                  queues={board.queues}
                  skillName={skillName}
                  onSkill={(id) => filter({ skill: id, which: 'open' })}
                />
              </section>
              <section aria-labelledby="agents">
                <h2 id="agents">{t.agents}</h2>
                <AgentsTable
                  accountId={accountId}
                  agents={board.agents}
                  onSaid={(what) => setSaid({ what })}
                  onAgent={(id) => filter({ agent: id, which: 'open' })}
                />
              </section>
            </div>
            <h2>{t.conversations}</h2>
            <div className="filters" role="search">
              <Choice
                label={t.whichOnes}
                value={which}
                options={WHICH.map((id) => ({
                  id,
                  name: id === 'open' ? t.allOpen : t.risks[id],
                }))}
                onChange={(id) => filter({ which: WHICH.find((known) => known === id) })}
              />
              <Filter
                label={t.skill}
                value={skill}
                nameOf={skillName}
                options={board.queues.map(({ skillId }) => ({
                  id: skillId,
                  name: skillName(skillId),
                }))}
                onChange={(id) => filter({ skill: id })}
              />
              <Filter
                label={t.agent}
                value={agent}
                nameOf={names.userName}
                options={board.agents.map(({ userId, name }) => ({ id: userId, name }))}
                onChange={(id) => filter({ agent: id })}
              />
              <span className="count faint" role="status">
                {board.found > 0 && t.place(from + 1, last, board.found)}
              </span>
              {board.found > PAGE && (
                <>
                  <Button
                    isDisabled={from === 0}
                    onPress={() => change({ from: Math.max(0, from - PAGE) || undefined })}
                  >
                    {t.before}
                  </Button>
                  <Button
                    isDisabled={last >= board.found}
                    onPress={() => change({ from: from + PAGE })}
                  >
                    {t.next}
                  </Button>
                </>
              )}
            </div>
            <div role="status">{said && <OrderSaid done={said} />}</div>
            {board.conversations.length === 0 ? (
              <p className="empty">{emptyText(board, which)}</p>
            ) : (
              <ConversationsTable
                accountId={accountId}
                conversations={board.conversations}
                skillName={skillName}
                userName={names.userName}
                onOrder={setOrdered}
              />
            )}
            {ordered && (
              <OrderDialog
                accountId={accountId}
                conversation={ordered}
                agents={board.agents}
                skills={names.skills}
                onDone={setSaid}
                onClose={() => setOrdered(undefined)}
              />
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function OrderSaid({ done: { what, desk } }: { done: OrderDone }) {
  return (
    <p>
      {what}{' '}
      {desk !== undefined && (
        <a href={desk} target="parley-workspace">
          {t.toWorkspace}
        </a>
      )}
    </p>
  )
}

function emptyText(
  { open, risks }: { open: number; risks: { any: number } },
  which: BoardSearch['which'],
): string {
  if (open === 0) return t.none
  return which === 'any' && risks.any === 0 ? t.noneAtRisk : t.noneSuch
}
