import { changeAccountSettings, getAccountSettings } from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { DARK_PAPER, LIGHT_PAPER } from '../../consumer/look.ts'
import { de } from '../../consumer/words/de.ts'
import { en } from '../../consumer/words/en.ts'
import { ask } from '../api/server.ts'
import { Button } from '../ui/button.tsx'
import { CheckBox } from '../ui/check-box.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { operateWords } from '../words/operate.ts'
import { ColourField } from './colour-field.tsx'
import { changeOf, type Draft, draftOf, draftOver, LANGUAGES, TEXTS } from './draft.ts'
import { lookWords as t } from './words.ts'

/** What the page says where the account says nothing. */
const OWN = { en: ownTexts(en), de: ownTexts(de) }
const MOST = { title: 60, greeting: 500, closed: 500, answerTime: 120, launcher: 40 }

interface Props {
  accountId: string
  stored: Draft
  draft: Draft
  isDisabled: boolean
  onChange: (draft: Draft) => void
  /** Something is typed, or on its way, and not saved. */
  onTyped: () => void
  /** @param sent what stood in the form then */
  onSaved: (sent: Draft) => void
}

export function LookForm({
  accountId,
  stored,
  draft,
  isDisabled,
  onChange,
  onTyped,
  onSaved,
}: Props) {
  const client = useQueryClient()
  const isChanged = Object.keys(changeOf(stored, draft)).length > 0
  // The search part says what the preview shows.
  useUnsaved(isChanged, onTyped, true)
  const { error, isPending, mutate } = useMutation({
    mutationFn: async () => {
      const newest = draftOf((await ask(accountId, getAccountSettings)).consumerPage)
      const consumerPage = changeOf(newest, draftOver(draft, stored, newest))
      return await ask(accountId, changeAccountSettings, { body: { consumerPage } })
    },
    onMutate: () => {
      onTyped()
      return draft
    },
    onSuccess: (settings, _, sent) => {
      client.setQueryData(['settings', accountId], settings)
      void client.invalidateQueries({ queryKey: ['consumer-page', accountId] })
      onSaved(sent)
    },
  })
  const write = (part: Partial<Draft>): void => onChange({ ...draft, ...part })
  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    if (isChanged) mutate()
  }
  return (
    <form className="stack" onSubmit={submit}>
      <fieldset className="stack bare" disabled={isDisabled}>
        <h2>{t.look}</h2>
        <div className="pair">
          <ColourField
            label={t.accent}
            paper={LIGHT_PAPER}
            value={draft.accent}
            isDisabled={isDisabled}
            onChange={(accent) => write({ accent })}
          />
          <ColourField
            label={t.accentDark}
            paper={DARK_PAPER}
            value={draft.accentDark}
            isDisabled={isDisabled}
            onChange={(accentDark) => write({ accentDark })}
          />
        </div>
        <div className="pair">
          <Choice
            label={t.scheme}
            value={draft.scheme}
            options={(['auto', 'light', 'dark'] as const).map((id) => ({
              id,
              name: t.schemes[id],
            }))}
            onChange={(id) => write({ scheme: id === 'light' || id === 'dark' ? id : 'auto' })}
          />
          <Choice
            label={t.position}
            value={draft.position}
            options={(['end', 'start'] as const).map((id) => ({ id, name: t.positions[id] }))}
            onChange={(id) => write({ position: id === 'start' ? 'start' : 'end' })}
          />
        </div>
        <Field
          label={t.logo}
          hint={t.logoHint}
          type="url"
          value={draft.logoUrl}
          maxLength={500}
          isDisabled={isDisabled}
          onChange={(logoUrl) => write({ logoUrl })}
        />
        {LANGUAGES.map((language) => (
          <fieldset key={language} className="stack bare">
            <legend>{t.textsIn(t.languages[language])}</legend>
            {TEXTS.map((name) => (
              <Field
                key={name}
                label={t.texts[name]}
                value={draft.texts[language][name]}
                placeholder={(language === 'de' && draft.texts.en[name]) || OWN[language][name]}
                maxLength={MOST[name]}
                {...(MOST[name] > 200 && { lines: 2 })}
                isDisabled={isDisabled}
                onChange={(text) =>
                  write({
                    texts: {
                      ...draft.texts,
                      [language]: { ...draft.texts[language], [name]: text },
                    },
                  })
                }
              />
            ))}
          </fieldset>
        ))}
        <h2>{t.may}</h2>
        <CheckBox
          label={t.files}
          hint={t.filesHint}
          isSelected={draft.files}
          isDisabled={isDisabled}
          onChange={(files) => write({ files })}
        />
        <CheckBox
          label={t.transcript}
          isSelected={draft.transcript}
          isDisabled={isDisabled}
          onChange={(transcript) => write({ transcript })}
        />
        <Field
          label={t.sites}
          hint={t.sitesHint}
          value={draft.sites}
          lines={3}
          isDisabled={isDisabled}
          onChange={(sites) => write({ sites })}
        />
      </fieldset>
      {error && <ErrorNotice error={error} />}
      {!isDisabled && (
        <div className="actions">
          <Button type="submit" kind="primary" isPending={isPending} isDisabled={!isChanged}>
            {operateWords.save}
          </Button>
          {isChanged && <Button onPress={() => onChange(stored)}>{t.dropChanges}</Button>}
        </div>
      )}
    </form>
  )
}

function ownTexts({ title, empty, closed, waitingForAgent, open }: typeof en) {
  return { title, greeting: empty, closed, answerTime: waitingForAgent, launcher: open }
}
