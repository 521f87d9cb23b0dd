import { type BoardAgent, setAgentAvailability } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { boardWords as t } from './words.ts'

interface Props {
  accountId: string
  agent: BoardAgent
  /** What has happened, in words. */
  onSaid: (said: string) => void
}

/** Sets an agent who is there away, or online again. */
export function AvailabilityButton({ accountId, agent, onSaid }: Props) {
  const { userId, name, isBot } = agent
  const availability = agent.availability === 'AWAY' ? 'ONLINE' : 'AWAY'
  const { error, isPending, mutate } = useMutation({
    mutationFn: () =>
      ask(accountId, setAgentAvailability, { params: { userId }, body: { availability } }),
    onMutate: () => onSaid(''),
    onSuccess: async () => {
      onSaid(t.isSet[availability](name))
      await queries.invalidateQueries({ queryKey: ['board', accountId] })
    },
  })
  if (isBot || agent.availability === 'OFFLINE') return null
  return (
    <>
      <Button
        kind="quiet"
        isPending={isPending}
        aria-label={`${t.set[availability]}: ${name}`}
        onPress={() => mutate()}
      >
        {t.set[availability]}
      </Button>
      {error && <ErrorNotice error={error} />}
    </>
  )
}
