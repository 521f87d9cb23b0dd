import { previewSurvey, type SurveyDefinition } from '@parley/contract'
import { keepPreviousData, skipToken, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Click } from '../../consumer/content.ts'
import { ask } from '../api/server.ts'
import { TalkBox } from '../talk/talk-box.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { useSettled } from './use-settled.ts'
import { surveyWords as t } from './words.ts'

interface Said {
  text: string
  clicked?: { questionId: string; id: string }
}

interface Props {
  accountId: string
  /** Absent while something in it is not right. */
  definition: SurveyDefinition | undefined
  languages: readonly string[]
}

const NOTHING: readonly Said[] = []

/** The survey as it is written now, to be answered: what was said stays when its words change. */
export function Preview({ accountId, definition, languages }: Props) {
  const [said, setSaid] = useState(NOTHING)
  const [listed, setListed] = useState(false)
  const [chosen, setLanguage] = useState<string>()
  const [own = 'en'] = languages
  const language = chosen !== undefined && languages.includes(chosen) ? chosen : own
  // Not at each letter that is typed.
  const settled = useSettled(definition)
  const body = settled && { definition: settled, language, listed, said: [...said] }
  const query = useQuery({
    queryKey: ['survey-preview', accountId, JSON.stringify(body)],
    queryFn: body ? () => ask(accountId, previewSurvey, { body }) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  })
  const { data } = query
  const isOver = data !== undefined && data.questionId === undefined
  function say(text: string, { metadata = [] }: Click): void {
    const answer = metadata.find((one) => 'questionId' in one && 'id' in one) as
      | { questionId: string; id: string }
      | undefined
    const clicked = answer && { questionId: answer.questionId, id: answer.id }
    setSaid((old) => [...old, { text, ...(clicked && { clicked }) }])
  }
  const note = !definition
    ? t.previewOff
    : isOver
      ? t.ended
      : data?.questionId !== undefined && t.asks(data.questionId)
  return (
    <TalkBox
      label={t.preview}
      lines={data?.lines ?? []}
      isOver={isOver || !definition}
      query={query}
      onSay={say}
      onAgain={() => setSaid(NOTHING)}
    >
      <p className="faint">{t.previewHint}</p>
      {languages.length > 1 && (
        <Choice
          label={t.previewLanguage}
          value={language}
          options={languages.map((id) => ({ id, name: id }))}
          onChange={setLanguage}
        />
      )}
      <CheckBox label={t.listed} isSelected={listed} onChange={setListed} />
      <p role="status">{note}</p>
    </TalkBox>
  )
}
