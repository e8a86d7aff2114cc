import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isFresh, make, StepFault, type Step } from '../../src/cli/prepare/step.ts'
import { stepsIn } from '../../src/cli/prepare/steps.ts'

const STEP: Step = {
  name: 'copy of a',
  inputs: ['a.txt', 'more/**'],
  output: 'b.txt',
  command: ['copy', 'a.txt', 'b.txt'],
}

const COPY = `
const [, , from, to] = process.argv
console.log('said on the way')
require('node:fs').copyFileSync(from, to)`

let root: string

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'prepare-'))
  await mkdir(path.join(root, 'node_modules/.bin'), { recursive: true })
  await writeFile(path.join(root, 'node_modules/.bin/copy'), COPY)
  await writeFile(path.join(root, 'a.txt'), 'one')
})

afterEach(async () => {
  await rm(root, { recursive: true })
})

describe('a step of preparation', () => {
  it('is due at first, and not again while nothing changes', async () => {
    expect(isFresh(root, STEP)).toBe(false)
    await make(root, STEP, {})
    expect(await readFile(path.join(root, 'b.txt'), 'utf8')).toBe('one')
    expect(isFresh(root, STEP)).toBe(true)
  })

  it.each([
    ['an input changes', () => writeFile(path.join(root, 'a.txt'), 'two')],
    [
      'an input comes',
      async () => {
        await mkdir(path.join(root, 'more/deep'), { recursive: true })
        await writeFile(path.join(root, 'more/deep/c.txt'), '')
      },
    ],
    ['its output is deleted', () => rm(path.join(root, 'b.txt'))],
    [
      'node_modules was installed anew',
      () => rm(path.join(root, 'node_modules/.cache'), { recursive: true }),
    ],
  ])('is due again when %s', async (_, change) => {
    await make(root, STEP, {})
    await change()
    expect(isFresh(root, STEP)).toBe(false)
  })

  it('is due again when its command changes', async () => {
    await make(root, STEP, {})
    expect(isFresh(root, { ...STEP, command: ['copy', '--other'] })).toBe(false)
  })

  it('shows what its program wrote when that fails, and stays due', async () => {
    await rm(path.join(root, 'a.txt'))
    const failing = make(root, STEP, {})
    await expect(failing).rejects.toThrow(StepFault)
    await expect(failing).rejects.toThrow(/copy of a failed: copy a\.txt b\.txt[^]*said on the way[^]*ENOENT/)
    expect(isFresh(root, STEP)).toBe(false)
  })

  it('works where nothing can be remembered, and stays due', async () => {
    await writeFile(path.join(root, 'node_modules/.cache'), 'in the way')
    await make(root, STEP, {})
    expect(await readFile(path.join(root, 'b.txt'), 'utf8')).toBe('one')
    expect(isFresh(root, STEP)).toBe(false)
  })
})

describe('the steps', () => {
  it('are those whose sources are there', async () => {
    expect(stepsIn(root)).toEqual([])
    await mkdir(path.join(root, 'prisma'))
    await writeFile(path.join(root, 'prisma/schema.prisma'), '')
    expect(stepsIn(root).map((step) => step.name)).toEqual(['Prisma client'])
  })

  it('find their inputs in this project', () => {
    const names = stepsIn(path.resolve(import.meta.dirname, '../..')).map((step) => step.name)
    expect(names).toEqual(['Prisma client', 'Prisma client of the tests', 'GraphQL types', 'Playground'])
  })
})
