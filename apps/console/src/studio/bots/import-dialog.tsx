import {
  type BuilderBot,
  createBuilderBot,
  MAX_BOT_BYTES,
  replaceBuilderBot,
} from '@parley/contract'
import { useId, useState } from 'react'
import { queries } from '../api/queries.ts'
import { ask } from '../api/server.ts'
import { FormDialog } from '../ui/form-dialog.tsx'
import { parseJson } from '../ui/parse-json.ts'
import { useDialogMutation } from '../ui/use-dialog-mutation.ts'
import { botWords as t } from './words.ts'

interface Props {
  accountId: string
  /** The one that gets a new export; absent for a new bot. */
  bot?: BuilderBot
  /** @param botId of what was imported; absent when nothing was */
  onClose: (botId?: string) => void
}

/** Takes in the export of a bot. What of it does not run stands on the page of the bot. */
export function ImportDialog({ accountId, bot, onClose }: Props) {
  const [file, setFile] = useState<File>()
  const id = useId()
  const take = useDialogMutation({
    mutationFn: async () => {
      if (!file) throw new Error(t.notAFile)
      if (file.size > MAX_BOT_BYTES) throw new Error(t.fileHint)
      const parsed = parseJson(await file.text())
      if (!parsed.ok) throw new Error(`${t.fileIsNoJson} ${parsed.reason}`)
      const body = parsed.value as Record<string, unknown>
      return bot
        ? await ask(accountId, replaceBuilderBot, { params: { botId: bot.botId }, body })
        : await ask(accountId, createBuilderBot, { body })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['bots', accountId] }),
    onDone: ({ botId }) => onClose(botId),
  })
  return (
    <FormDialog
      title={bot ? t.replace : t.importBot}
      submit={t.import}
      error={take.error}
      isPending={take.isPending}
      onSubmit={() => take.mutate()}
      onClose={() => onClose()}
    >
      {bot && <p>{t.replaceText}</p>}
      <div className="field">
        <label htmlFor={id}>{t.file}</label>
        <input
          id={id}
          type="file"
          accept=".json,application/json"
          aria-describedby={`${id}-hint`}
          onChange={({ target }) => setFile(target.files?.[0])}
        />
        <span id={`${id}-hint`} className="faint">
          {t.fileHint}
        </span>
      </div>
    </FormDialog>
  )
}
