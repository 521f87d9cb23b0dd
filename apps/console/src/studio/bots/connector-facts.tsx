import type { Connector } from '@parley/contract'
import { useSkills } from '../api/use-names.ts'
import { Facts } from '../ui/facts.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { escalationSkill } from './escalation-skill.ts'
import { botWords as t } from './words.ts'

/** What a connector is made of, for those who may not change it. */
export function ConnectorFacts({
  accountId,
  connector,
}: {
  accountId: string
  connector: Connector
}) {
  const { skillName } = useSkills(accountId)
  const { vendor, skillIds, channels, escalation, hooks = {} } = connector
  const linkOf = (functionId: string) => (
    <FunctionLink accountId={accountId} functionId={functionId} />
  )
  const spoken = (text: string) => (text === '' ? undefined : text)
  return (
    <Facts
      facts={[
        [t.what, t.kinds[vendor.kind]],
        ...(vendor.kind === 'function'
          ? [[t.function, linkOf(vendor.functionId)] as const]
          : ([
              [t.baseUrl, vendor.baseUrl],
              [t.botId, vendor.botId],
              [t.environment, vendor.environment],
              [t.clientId, vendor.clientId],
            ] as const)),
        [t.skills, skillIds.map(skillName).join(', ') || t.noSkills],
        [t.where, channels.map((id) => t.channels[id]).join(', ')],
        [t.escalationSkill, escalationSkill(escalation.skillId, skillName)],
        [t.toCustomer, spoken(escalation.messageToCustomer)],
        [t.toAgent, spoken(escalation.messageToAgent)],
        [t.transferFailure, spoken(escalation.transferFailureMessage)],
        ...(['pre', 'post', 'error'] as const).map((name) => {
          const id = hooks[name]
          return [t.hookNames[name], id === undefined ? undefined : linkOf(id)] as const
        }),
      ]}
    />
  )
}
