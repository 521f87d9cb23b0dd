import { listTransferTargets, type TransferTargets } from '@parley/contract'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../../studio/api/server.ts'
import type { useNames } from '../../studio/api/use-names.ts'
import { Choice } from '../../studio/ui/choice.tsx'
import { FormDialog } from '../../studio/ui/form-dialog.tsx'
import { UnlessUnread } from '../../studio/ui/unless-unread.tsx'
import type { Desk } from '../desk/desk.ts'
import { ofServer } from '../desk/notice.ts'
import type { Talk } from '../desk/state.ts'
import { t } from '../words.ts'
import { goBack } from './use-desk.ts'
import { transferWords } from './transfer-words.ts'

interface Props {
  desk: Desk
  accountId: string
  talk: Talk
  names: ReturnType<typeof useNames>
  onClose: () => void
}

type Agent = TransferTargets['agents'][number]

const ANY = 'any'
const READ_AGAIN_MS = 10_000
const STATES = { ...t.statuses, OFFLINE: transferWords.offline }

/** To which skill, and to which of its agents, if to one of them: with who is there, and how many wait. */
export function TransferDialog({ desk, accountId, talk, names, onClose }: Props) {
  const { conversationId, skillId: present } = talk
  const { skills, skillsQuery } = names
  const other = skills.find((skill) => skill.skillId !== present)?.skillId ?? present
  const [wantedSkill, setSkill] = useState(other)
  const [wantedAgent, setAgent] = useState(ANY)
  // A skill may be deleted while it is chosen, and an agent may lose it.
  const skillId = skills.some((skill) => skill.skillId === wantedSkill) ? wantedSkill : other
  const targets = useQuery({
    queryKey: ['transfer-targets', accountId, skillId],
    queryFn: () => ask(accountId, listTransferTargets, { query: { skillId } }),
    refetchInterval: READ_AGAIN_MS,
    placeholderData: keepPreviousData,
  })
  const { data, isPlaceholderData } = targets
  const queues = new Map(data?.skills.map((queue) => [queue.skillId, queue]))
  const agents = isPlaceholderData ? [] : (data?.agents ?? [])
  const agent = agents.find(({ userId }) => userId === wantedAgent)
  const { error, isPending, mutate } = useMutation({
    mutationFn: () => desk.transfer(conversationId, skillId, agent?.userId),
    onSuccess() {
      onClose()
      goBack(desk, accountId, conversationId)
    },
  })
  return (
    <FormDialog
      title={transferWords.title}
      submit={t.transfer}
      isQuestion
      error={ofServer(error)}
      isPending={isPending}
      onSubmit={() => mutate()}
      onClose={onClose}
    >
      <UnlessUnread query={skillsQuery}>
        <Choice
          label={transferWords.skill}
          value={skillId}
          options={skills.map((skill) => {
            const queue = queues.get(skill.skillId)
            return {
              id: skill.skillId,
              name: skill.name,
              ...(queue && { description: transferWords.queue(queue.online, queue.waiting) }),
            }
          })}
          onChange={(id) => {
            setSkill(id)
            setAgent(ANY)
          }}
        />
      </UnlessUnread>
      <UnlessUnread query={targets}>
        <Choice
          label={transferWords.agent}
          value={agent?.userId ?? ANY}
          options={[
            { id: ANY, name: transferWords.anyAgent },
            ...agents.map((one) => ({
              id: one.userId,
              name: one.name,
              description: presence(one),
            })),
          ]}
          onChange={setAgent}
        />
      </UnlessUnread>
      <p role="status" className="faint">
        {whatHappens(agent, queues.get(skillId)?.online)}
      </p>
    </FormDialog>
  )
}

function presence({ availability, isBot, slots, maxSlots }: Agent): string {
  const state = isBot ? `${transferWords.bot}, ${STATES[availability]}` : STATES[availability]
  return availability === 'OFFLINE' ? state : `${state}, ${t.capacity(slots, maxSlots)}`
}

function whatHappens(agent: Agent | undefined, online: number | undefined): string {
  if (!agent) return online === 0 ? transferWords.toNobody : transferWords.toSkill
  const { availability, slots, maxSlots, name } = agent
  const isAbsent = availability === 'AWAY' || availability === 'OFFLINE'
  return isAbsent || slots >= maxSlots
    ? transferWords.toAbsent(name, presence(agent))
    : transferWords.toAgent(name)
}
