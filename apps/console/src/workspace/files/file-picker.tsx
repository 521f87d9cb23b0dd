import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { FILE_TYPES } from '../../consumer/file-rules.ts'
import { Button } from '../../studio/ui/button.tsx'
import { fileWords as t } from './words.ts'

export function FilePicker({ onFiles }: { onFiles: (files: File[]) => void }) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        className="visually-hidden"
        tabIndex={-1}
        aria-hidden="true"
        accept={FILE_TYPES.join()}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])])
          currentTarget.value = ''
        }}
      />
      <Button kind="quiet" aria-label={t.attach} onPress={() => picker.current?.click()}>
        <Paperclip aria-hidden size={18} />
      </Button>
    </>
  )
}
