import { type AgentCommand, listAgentCommands } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { useMay } from '../../studio/session/use-session.ts'

const NONE: readonly AgentCommand[] = []

/** The commands that the agent may call; none for who may not, `undefined` until they are known. */
export function useCommands(accountId: string): readonly AgentCommand[] | undefined {
  const mayInvoke = useMay(accountId, 'function:invoke')
  const { data, isPending } = useQuery({
    queryKey: ['agent-commands', accountId],
    queryFn: () => ask(accountId, listAgentCommands),
    enabled: mayInvoke,
  })
  if (mayInvoke && isPending) return undefined
  return data?.commands ?? NONE
}
