import { getCannedAnswers, listAgentCommands } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { useMay } from '../../studio/session/use-session.ts'
import type { Talk } from '../desk/state.ts'
import type { Callable } from '../desk/typed-command.ts'

/** The commands that the agent may call, then the canned answers of this skill; `undefined` until they are known. */
export function useCommands(
  accountId: string,
  { skillId }: Pick<Talk, 'skillId'>,
): readonly Callable[] | undefined {
  const mayInvoke = useMay(accountId, 'function:invoke')
  const mayRead = useMay(accountId, 'account:read')
  const commands = useQuery({
    queryKey: ['agent-commands', accountId],
    queryFn: () => ask(accountId, listAgentCommands),
    enabled: mayInvoke,
  })
  const canned = useQuery({
    queryKey: ['canned-answers', accountId],
    queryFn: () => ask(accountId, getCannedAnswers),
    enabled: mayRead,
  })
  if ((mayInvoke && commands.isPending) || (mayRead && canned.isPending)) return undefined
  const answers = canned.data?.answers ?? []
  return [
    ...(mayInvoke ? (commands.data?.commands ?? []) : []).map((one) => ({
      ...one,
      kind: 'command' as const,
    })),
    ...answers
      .filter(({ skillIds }) => skillIds.length === 0 || skillIds.includes(skillId))
      .map((one) => ({ ...one, kind: 'answer' as const })),
  ]
}
