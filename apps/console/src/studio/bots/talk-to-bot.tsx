import { talkToBuilderBot } from '@parley/contract'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ask } from '../api/server.ts'
import { TalkBox, type TalkLine } from '../talk/talk-box.tsx'
import { linesOf } from './lines-of.ts'
import { botWords as t } from './words.ts'

interface Talk {
  lines: readonly TalkLine[]
  /** Where the bot stands. */
  state?: unknown
  isOver: boolean
}

const BEGUN: Talk = { lines: [], isOver: false }

/** A small conversation with a bot, beside what it is made of. The page keeps where it stands. */
export function TalkToBot({ accountId, botId }: { accountId: string; botId: string }) {
  const [talk, setTalk] = useState(BEGUN)
  const { lines, isOver } = talk
  /** What was said and not answered. */
  const [failed, setFailed] = useState<object>()
  const answer = useMutation({
    mutationFn: ({ message, asked: { state } }: { message: string; asked: Talk }) =>
      ask(accountId, talkToBuilderBot, {
        params: { botId },
        body: { message, ...(state !== undefined && { state }) },
      }),
    onError: (_, said) => setFailed(said),
    onSuccess({ outputs, notes, state }, { asked }) {
      // Whoever has begun anew meanwhile waits for none.
      setTalk((now) =>
        now === asked
          ? {
              lines: [...asked.lines, ...linesOf({ outputs, notes })],
              state,
              isOver: outputs.some(({ kind }) => kind === 'transfer' || kind === 'close'),
            }
          : now,
      )
    },
  })
  function say(message: string): void {
    const event = { type: 'ContentEvent', contentType: 'text/plain', message }
    const asked: Talk = { ...talk, lines: [...lines, { by: 'consumer', event }] }
    setTalk(asked)
    answer.mutate({ message, asked })
  }
  return (
    <TalkBox
      label={t.talk}
      lines={lines}
      isBusy={answer.isPending}
      isOver={isOver}
      query={{
        data: answer.data,
        error: answer.error,
        isFetching: answer.isPending,
        errorUpdateCount: failed !== undefined && failed === answer.variables ? 1 : 0,
        refetch: () => answer.variables && answer.mutate(answer.variables),
      }}
      onSay={say}
      onAgain={() => {
        answer.reset()
        setTalk(BEGUN)
      }}
    >
      <p className="faint">{t.talkHint}</p>
    </TalkBox>
  )
}
