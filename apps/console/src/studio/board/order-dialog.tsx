import type { BoardAgent, BoardConversation } from '@parley/contract'
import { useState } from 'react'
import { queries } from '../api/queries.ts'
import { useMay } from '../session/use-session.ts'
import { Choice } from '../ui/choice.tsx'
import { ConversationLink } from '../ui/conversation-link.tsx'
import { FormDialog } from '../ui/form-dialog.tsx'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { CHAT_ORDERS, giveOrder } from './give-order.ts'
import { who } from './who.ts'
import { boardWords as t, ORDERS, type OrderKind } from './words.ts'

/** What was done, in words, and where it goes on: at the desk of who took or joined it. */
export interface OrderDone {
  what: string
  desk?: string | undefined
}

interface Props {
  accountId: string
  conversation: BoardConversation
  agents: readonly BoardAgent[]
  skills: readonly { skillId: string; name: string }[]
  onDone: (done: OrderDone) => void
  onClose: () => void
}

const IN_PERSON: ReadonlySet<OrderKind> = new Set(['take', 'join'])

/** What a supervisor does with the conversation of somebody else. */
export function OrderDialog(props: Props) {
  const { accountId, conversation, onDone, onClose } = props
  const agents = props.agents.filter(({ userId }) => userId !== conversation.agentId)
  const skills = props.skills.filter(({ skillId }) => skillId !== conversation.skillId)
  const [kind, setKind] = useState<OrderKind>('take')
  const [wantedAgent, setAgentId] = useState('')
  const [wantedSkill, setSkillId] = useState('')
  // The lists may come later, and change while the dialog is open.
  const agent = agents.find(({ userId }) => userId === wantedAgent) ?? agents[0]
  const skill = skills.find((one) => one.skillId === wantedSkill) ?? skills[0]
  const agentId = agent?.userId ?? ''
  const skillId = skill?.skillId ?? ''
  const isChat = conversation.channel === 'chat'
  const desk = `/workspace/${accountId}/${conversation.id}`
  const to = kind === 'agent' ? agent?.name : skill?.name
  const order = useDialogMutation({
    mutationFn: () => giveOrder(accountId, conversation, { kind, agentId, skillId }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['board', accountId] }),
    onDone() {
      if (kind === 'join') openTalk(desk)
      onDone({ what: t.done[kind](to), desk: IN_PERSON.has(kind) ? desk : undefined })
      onClose()
    },
  })
  const mayHandle = useMay(accountId, 'conversation:handle')
  const possible = ORDERS.filter(
    (id) =>
      (id !== 'join' || mayHandle) &&
      (!isChat || CHAT_ORDERS.includes(id)) &&
      (id !== 'queue' || conversation.agentId !== undefined) &&
      (id !== 'agent' || agents.length > 0) &&
      (id !== 'skill' || skills.length > 0) &&
      (id !== 'urgent' || conversation.ttrType !== 'URGENT'),
  )
  return (
    <FormDialog
      title={`${t.orderTitle}: ${isChat ? t.chat : t.conversation} ${conversation.id.slice(0, 8)}, ${who(conversation)}`}
      submit={t.orders[kind]}
      kind={kind === 'close' ? 'danger' : 'primary'}
      isQuestion={false}
      error={order.error}
      isPending={order.isPending}
      onSubmit={() => order.mutate()}
      onClose={onClose}
    >
      <p>
        <ConversationLink accountId={accountId} channel={conversation.channel} id={conversation.id}>
          {t.watch}
        </ConversationLink>
      </p>
      <Choice
        label={t.what}
        value={kind}
        options={possible.map((id) => ({ id, name: t.orders[id] }))}
        onChange={(id) => setKind(ORDERS.find((known) => known === id) ?? 'take')}
      />
      {kind === 'agent' && (
        <Choice
          label={t.toAgent}
          value={agentId}
          options={agents.map(({ userId, name, availability }) => ({
            id: userId,
            name: `${name} · ${t.availability[availability]}`,
          }))}
          onChange={setAgentId}
        />
      )}
      {kind === 'skill' && (
        <Choice
          label={t.toSkill}
          value={skillId}
          options={skills.map((one) => ({ id: one.skillId, name: one.name }))}
          onChange={setSkillId}
        />
      )}
      <p className="faint">{t.orderHints[kind]}</p>
    </FormDialog>
  )
}

/** One tab for all that are joined from here; this page, where the browser opens no other. */
function openTalk(address: string): void {
  if (!open(address, 'parley-workspace')) location.assign(address)
}
