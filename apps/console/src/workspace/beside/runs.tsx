import { listConversationRuns } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { useMay } from '../../studio/session/use-session.ts'
import { Loaded } from '../../studio/ui/loaded.tsx'
import { OutcomeChip } from '../../studio/ui/outcome-chip.tsx'
import { Instant } from '../../studio/ui/time.tsx'
import { besideWords } from './words.ts'

/** It is read again when the conversation changes. */
export const runsKey = (accountId: string, conversationId: string) => [
  'conversation',
  accountId,
  conversationId,
  'runs',
]

const SHOWN = 20

/** Which functions ran in the conversation. Who may read records goes on to what they got and returned. */
export function Runs({ accountId, conversationId }: { accountId: string; conversationId: string }) {
  const mayReadMore = useMay(accountId, 'record:read')
  const runs = useQuery({
    queryKey: runsKey(accountId, conversationId),
    queryFn: () =>
      ask(accountId, listConversationRuns, { params: { conversationId }, query: { limit: SHOWN } }),
  })
  return (
    <>
      <h3>{besideWords.runs}</h3>
      <Loaded query={runs}>
        {({ runs: all }) => {
          if (all.length === 0) return <p className="faint">{besideWords.noRuns}</p>
          return (
            <ul className="beside-list" aria-label={besideWords.runs}>
              {all.map(({ recordId, functionName = besideWords.aFunction, startedAt, outcome }) => (
                <li key={recordId}>
                  <Instant at={startedAt} />{' '}
                  {mayReadMore ? (
                    <a
                      href={`/console/${encodeURIComponent(accountId)}/runs/${recordId}`}
                      target="_blank"
                      rel="noreferrer"
                      aria-label={besideWords.openRun(functionName)}
                    >
                      {functionName}
                    </a>
                  ) : (
                    functionName
                  )}{' '}
                  <OutcomeChip outcome={outcome} />
                </li>
              ))}
            </ul>
          )
        }}
      </Loaded>
    </>
  )
}
