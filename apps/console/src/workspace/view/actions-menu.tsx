import { type KeyboardEvent, useEffect, useState } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Keyboard } from 'react-aria-components/Keyboard'
import { Menu, MenuItem, MenuTrigger } from 'react-aria-components/Menu'
import { Popover } from 'react-aria-components/Popover'
import { Text } from 'react-aria-components/Text'
import { useMay } from '../../studio/session/use-session.ts'
import { besideWords } from '../beside/words.ts'
import type { Desk } from '../desk/desk.ts'
import { isBeside, type Talk } from '../desk/state.ts'
import { t } from '../words.ts'
import { attempt, goBack } from './use-desk.ts'

/** What is asked before it is done. */
export type Question = 'transfer' | 'close' | undefined

interface Props {
  desk: Desk
  talk: Talk
  accountId: string
  onQuestion: (question: Question) => void
}

/** What can be done with a conversation. Ctrl+J, or ⌘J, opens it; a letter does one of them. */
export function ActionsMenu({ desk, talk, accountId, onQuestion }: Props) {
  const [isOpen, setOpen] = useState(false)
  const { chat, conversationId, isUrgent } = talk
  const urgent = {
    id: 'u',
    name: isUrgent ? t.makeNormal : t.makeUrgent,
    run: () => void attempt(desk, desk.setUrgent(conversationId, !isUrgent)),
  }
  const mayManage = useMay(accountId, 'conversation:manage')
  const take = {
    id: 'o',
    name: besideWords.takeOver,
    run: () => void attempt(desk, desk.takeOver(conversationId)),
  }
  const leave = {
    id: 'l',
    name: besideWords.leave,
    run: () =>
      void attempt(desk, desk.leave(conversationId)).then((isDone) => {
        if (!isDone) return
        goBack(desk, accountId, conversationId)
        desk.forget(conversationId)
      }),
  }
  // Whoever chats is there now: nothing is more urgent.
  const urgency = chat ? [] : [urgent]
  const own = [
    { id: 't', name: t.transfer, run: () => onQuestion('transfer') },
    {
      id: 'q',
      name: t.backToQueue,
      run: () =>
        void attempt(desk, desk.backToQueue(conversationId)).then(
          (isDone) => isDone && goBack(desk, accountId, conversationId),
        ),
    },
    ...urgency,
    { id: 'e', name: t.close, run: () => onQuestion('close') },
  ]
  const actions = isBeside(talk) ? [leave, ...(mayManage ? [take] : []), ...urgency] : own

  useEffect(() => {
    function press(event: globalThis.KeyboardEvent): void {
      if (event.key.toLowerCase() !== 'j' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setOpen(true)
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])

  function choose(id: string): boolean {
    const action = actions.find((one) => one.id === id)
    if (!action) return false
    setOpen(false)
    action.run()
    return true
  }

  function press(event: KeyboardEvent): void {
    if (!choose(event.key.toLowerCase())) return
    event.preventDefault()
    event.stopPropagation()
  }

  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <AriaButton className="button">{t.actions}</AriaButton>
      <Popover className="popover" placement="bottom end">
        <div onKeyDownCapture={press}>
          <Menu className="list-box" onAction={(key) => void choose(String(key))}>
            {actions.map(({ id, name }) => (
              <MenuItem key={id} id={id} textValue={name} className="with-key">
                <Text slot="label">{name}</Text>
                <Keyboard>{id.toUpperCase()}</Keyboard>
              </MenuItem>
            ))}
          </Menu>
        </div>
      </Popover>
    </MenuTrigger>
  )
}
