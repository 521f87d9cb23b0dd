import { type ChatSettings, getChatSettings, setChatSettings } from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { changedOver, isSame } from '../api/changed.ts'
import { ask } from '../api/server.ts'
import { useMay } from '../session/use-session.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Form } from '../ui/form.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { operateWords } from '../words/operate.ts'
import { ChatSurveyFields } from './chat-survey-fields.tsx'
import { mailWords as t } from './words.ts'

/** How live chats work, and what is asked when one has ended. */
export function ChatSettingsView({ accountId }: { accountId: string }) {
  const query = useQuery({
    queryKey: ['chat-settings', accountId],
    queryFn: () => ask(accountId, getChatSettings),
  })
  const [said, setSaid] = useState('')
  return (
    <>
      <p role="status">{said}</p>
      <Loaded query={query}>
        {(settings) => <SettingsForm accountId={accountId} stored={settings} onSaid={setSaid} />}
      </Loaded>
    </>
  )
}

/** Shown in seconds or as they are; kept as the server has them. */
const NUMBERS = [
  { name: 'notTakenAfterMs', factor: 1000 },
  { name: 'silenceAfterMs', factor: 1000 },
  { name: 'mostWaiting', factor: 1 },
  { name: 'startsPerMinute', factor: 1 },
] as const

interface Props {
  accountId: string
  stored: ChatSettings
  /** Empty while it is being saved. */
  onSaid: (text: string) => void
}

/** Without a survey where it is `undefined`. */
type Typed = Partial<Omit<ChatSettings, 'survey'>> & { survey?: ChatSettings['survey'] | undefined }

function SettingsForm({ accountId, stored, onSaid }: Props) {
  const mayWrite = useMay(accountId, 'account:write')
  const client = useQueryClient()
  /** What was typed and is not saved yet: the rest is as somebody else may have changed it. */
  const [typed, setTyped] = useState<Typed>({})
  const { survey, ...rest } = { ...stored, ...typed }
  const draft: ChatSettings = survey === undefined ? rest : { ...rest, survey }
  const write = (part: Typed): void => setTyped({ ...typed, ...part })
  const isChanged = !isSame(draft, stored)
  useUnsaved(isChanged, () => onSaid(''))
  const { error, isPending, mutate } = useMutation({
    mutationFn: async () => {
      const newest = await ask(accountId, getChatSettings)
      return await ask(accountId, setChatSettings, { body: changedOver(draft, stored, newest) })
    },
    onMutate: () => {
      onSaid('')
      return typed
    },
    onSuccess: (settings, _, sent) => {
      setTyped((now) => (now === sent ? {} : now))
      client.setQueryData(['chat-settings', accountId], settings)
      onSaid(t.chatSaved)
    },
  })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    mutate()
  }
  return (
    <Form className="stack narrow" problems={problemsOfError(error)} onSubmit={submit}>
      <CheckBox
        label={t.chatEnabled}
        isSelected={draft.enabled}
        isDisabled={!mayWrite}
        onChange={(enabled) => write({ enabled })}
      />
      <div className="pair">
        {NUMBERS.map(({ name, factor }) => (
          <Amount
            key={name}
            label={t.chatNumbers[name]}
            value={draft[name] / factor}
            isDisabled={!mayWrite}
            onChange={(shown) => write({ [name]: Math.round(shown * factor) })}
            member={name}
          />
        ))}
      </div>
      <ChatSurveyFields
        value={draft.survey}
        isDisabled={!mayWrite}
        onChange={(changed) => write({ survey: changed })}
      />
      {error && <ErrorNotice error={error} />}
      {mayWrite && (
        <div className="actions">
          <Button type="submit" kind="primary" isPending={isPending} isDisabled={!isChanged}>
            {operateWords.save}
          </Button>
        </div>
      )}
    </Form>
  )
}
