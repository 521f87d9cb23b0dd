import { getCannedAnswers, listAgentCommands } from '@parley/contract'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../../studio/api/server.ts'
import { useMay } from '../../studio/session/use-session.ts'
import type { Talk } from '../desk/state.ts'
import type { Callable } from '../desk/typed-command.ts'

/** Asks again and again for what could not be read. */
const untilKnown = ({ state }: { state: { data: unknown } }): number | false =>
  state.data === undefined ? 5_000 : false

/**
 * The commands that the agent may call, then the canned answers of this skill; `undefined` until they are known, also where they
 * cannot be read for a while: no command is to be taken for a message to the consumer then.
 */
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
    refetchInterval: untilKnown,
  })
  const canned = useQuery({
    queryKey: ['canned-answers', accountId],
    queryFn: () => ask(accountId, getCannedAnswers),
    enabled: mayRead,
    refetchInterval: untilKnown,
  })
  if ((mayInvoke && !commands.data) || (mayRead && !canned.data)) return undefined
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
