import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { allowClosed } from '../../../cli/terminal/closed-output.ts'

function failing(code: string): () => void {
  const stream = new PassThrough()
  allowClosed([stream])
  return () => void stream.emit('error', Object.assign(new Error('It failed.'), { code }))
}

describe('an output', () => {
  it('that its reader closed is no error', () => {
    expect(failing('EPIPE')).not.toThrow()
  })

  it('that cannot be written for another reason is one', () => {
    expect(failing('ENOSPC')).toThrow('It failed.')
  })
})
