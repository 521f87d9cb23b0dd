import { talkToBuilderBot } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type * as z from 'zod'
import { ask } from '../api/server.ts'
import { TalkBox, type TalkLine } from '../talk/talk-box.tsx'
import { linesOf } from './lines-of.ts'
import { botWords as t } from './words.ts'

type Answer = z.output<(typeof talkToBuilderBot)['reply']>

const NOTHING: readonly TalkLine[] = []

/** A small conversation with a bot, beside what it is made of. The page keeps where it stands. */
export function TalkToBot({ accountId, botId }: { accountId: string; botId: string }) {
  const [lines, setLines] = useState(NOTHING)
  const [state, setState] = useState<unknown>()
  const [isOver, setOver] = useState(false)
  const talk = useMutation({
    mutationFn: (message: string) =>
      ask(accountId, talkToBuilderBot, {
        params: { botId },
        body: { message, ...(state !== undefined && { state }) },
      }),
    onMutate: (message) => {
      const event = { type: 'ContentEvent', contentType: 'text/plain', message }
      setLines((old) => [...old, { by: 'consumer', event }])
    },
    onSuccess: ({ outputs, notes, state: next }: Answer) => {
      setState(next)
      setLines((old) => [...old, ...linesOf({ outputs, notes })])
      setOver(outputs.some(({ kind }) => kind === 'transfer' || kind === 'close'))
    },
  })
  return (
    <TalkBox
      label={t.talk}
      lines={lines}
      isBusy={talk.isPending}
      isOver={isOver}
      error={talk.error}
      onSay={(text) => talk.mutate(text)}
      onAgain={() => {
        talk.reset()
        setLines(NOTHING)
        setState(undefined)
        setOver(false)
      }}
    >
      <p className="faint">{t.talkHint}</p>
    </TalkBox>
  )
}
