import { useState } from 'react'
import { Button } from '../ui/button.tsx'
import { RemoveDialog } from '../ui/remove-dialog.tsx'
import { words } from '../words/index.ts'

/** Says that work is back that was not saved, and asks before it is discarded. */
export function KeptNotice({ version, discard }: { version: number; discard: () => void }) {
  const [isAsking, setAsking] = useState(false)
  const t = words.editor
  return (
    <p className="notice">
      {t.kept}{' '}
      <Button kind="quiet" onPress={() => setAsking(true)}>
        {t.discard}
      </Button>
      {isAsking && (
        <RemoveDialog
          title={t.discardTitle}
          submit={t.discard}
          remove={() => Promise.resolve(discard())}
          onClose={() => setAsking(false)}
        >
          <p>{t.discardText(version)}</p>
        </RemoveDialog>
      )}
    </p>
  )
}
