import { ParleyError } from '#base/kernel'
import type { Skill } from '@parley/contract'
import type { ChatRoom } from './deps.ts'

export async function getChatSkill(
  { accounts }: Pick<ChatRoom, 'accounts'>,
  accountId: string,
  skillId: string,
): Promise<Skill> {
  const skill = await accounts.skills.find(accountId, skillId)
  if (skill) return skill
  throw new ParleyError('invalid_request', `body.skillId: there is no skill "${skillId}"`)
}
