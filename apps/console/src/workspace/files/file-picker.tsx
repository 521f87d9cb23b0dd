import { Paperclip } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../../studio/ui/button.tsx'
import { FILE_TYPES } from '../desk/files.ts'
import { t } from '../words.ts'

interface Props {
  isBusy: boolean
  onFile: (file: File) => void
}

export function FilePicker({ isBusy, onFile }: Props) {
  const picker = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={picker}
        type="file"
        className="visually-hidden"
        tabIndex={-1}
        aria-hidden="true"
        accept={FILE_TYPES.join()}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? []
          if (file) onFile(file)
          currentTarget.value = ''
        }}
      />
      <Button
        kind="quiet"
        aria-label={t.attach}
        isDisabled={isBusy}
        onPress={() => picker.current?.click()}
      >
        <Paperclip aria-hidden size={18} />
      </Button>
    </>
  )
}
