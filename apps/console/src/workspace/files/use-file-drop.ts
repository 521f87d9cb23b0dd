import { type RefObject, useEffect, useState } from 'react'
import { dragsFiles, dragsOwnFiles } from '../../consumer/file-rules.ts'

/** Takes files that are dropped onto an area. Resolves where files are dragged: over it, or elsewhere in the page. */
export function useFileDrop(
  area: RefObject<HTMLElement | null>,
  onFiles: ((files: File[]) => void) | undefined,
): 'here' | 'beside' | undefined {
  const [where, setWhere] = useState<'here' | 'beside'>()
  useEffect(() => {
    if (!onFiles) return undefined
    const isHere = ({ target }: DragEvent) =>
      target instanceof Node && area.current?.contains(target) === true
    const over = (event: DragEvent) => {
      if (!dragsOwnFiles(event)) return
      setWhere(isHere(event) ? 'here' : 'beside')
      if (!isHere(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy'
    }
    const leave = ({ relatedTarget }: DragEvent) => {
      if (relatedTarget === null) setWhere(undefined)
    }
    const drop = (event: DragEvent) => {
      setWhere(undefined)
      if (!dragsOwnFiles(event) || !isHere(event)) return
      event.preventDefault()
      onFiles([...(event.dataTransfer?.files ?? [])])
    }
    // Before the page as a whole refuses them.
    document.addEventListener('dragover', over)
    document.addEventListener('dragleave', leave)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('drop', drop)
    }
  }, [area, onFiles])
  return onFiles && where
}

/** A file that is dropped where nothing takes it must not take the place of the page. */
export function useKeptPage(): void {
  useEffect(() => {
    const keep = (event: DragEvent) => {
      if (event.defaultPrevented || !dragsFiles(event)) return
      event.preventDefault()
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'none'
    }
    addEventListener('dragover', keep)
    addEventListener('drop', keep)
    return () => {
      removeEventListener('dragover', keep)
      removeEventListener('drop', keep)
    }
  }, [])
}
