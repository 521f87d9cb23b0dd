import { listUsers } from '@parley/contract'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import type { useNames } from '../../studio/api/use-names.ts'
import { Choice } from '../../studio/ui/choice.tsx'
import { FormDialog } from '../../studio/ui/form-dialog.tsx'
import type { Desk } from '../desk/desk.ts'
import type { Talk } from '../desk/state.ts'
import { goTo } from '../place.ts'
import { chatWords } from '../chats/words.ts'
import { t } from '../words.ts'

interface Props {
  desk: Desk
  accountId: string
  talk: Talk
  names: ReturnType<typeof useNames>
  onClose: () => void
}

const ANY = 'any'

/** To which skill, and to which of its agents, if to one of them. */
export function TransferDialog({ desk, accountId, talk, names, onClose }: Props) {
  const { chat, conversationId, skillId: present } = talk
  const { skills } = names
  const [skillId, setSkillId] = useState(
    () => skills.find((skill) => skill.skillId !== present)?.skillId ?? present,
  )
  const [agentId, setAgentId] = useState(ANY)
  const { data } = useQuery({
    queryKey: ['users', accountId, { skillId }],
    queryFn: () => ask(accountId, listUsers, { query: { skillId } }),
  })
  const agents = (data?.users ?? []).filter((user) => user.enabled && user.role !== 'auditor')
  const { error, isPending, mutate } = useMutation({
    mutationFn: () => desk.transfer(conversationId, skillId, agentId === ANY ? undefined : agentId),
    onSuccess() {
      onClose()
      goTo(accountId)
    },
  })
  return (
    <FormDialog
      title={t.transferTitle}
      submit={t.transfer}
      isQuestion
      error={error}
      isPending={isPending}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <p>{chat ? chatWords.transferText : t.transferText}</p>
      <Choice
        label={t.skill}
        value={skillId}
        options={skills.map((skill) => ({ id: skill.skillId, name: skill.name }))}
        onChange={(id) => {
          setSkillId(id)
          setAgentId(ANY)
        }}
      />
      <Choice
        label={t.agent}
        value={agentId}
        options={[
          { id: ANY, name: t.anyAgent },
          ...agents.map((user) => ({ id: user.userId, name: user.nickname || user.loginName })),
        ]}
        onChange={setAgentId}
      />
    </FormDialog>
  )
}
