/** Every way in which a person's sealed columns can be written, and a value of each type to write. */
import { v7 as uuidv7 } from 'uuid'
import type { SealableValue } from '../../src/storage/sealing.ts'
import type { sealedMap } from '../support/generated/sealed-map.ts'
import type { SealingClient } from '../support/sealing-database.ts'

export type Field = keyof typeof sealedMap.Person.fields
type PersonData = Partial<Record<Field, string>>

/** A value of each type of column, with what is awkward about it. */
export const VALUES: readonly (readonly [Field, Exclude<SealableValue, null>])[] = [
  ['text', 'Grüße 👋🏽 \u0000 s1.not-sealed'],
  ['email', 'Ann@Example.com'], // its index is unique: see the test
  ['json', { set: [1, { deep: null }], __proto: 'ß' }],
  ['bytes', new Uint8Array([0, 255, 10])],
  ['int', -(2 ** 31)],
  ['bigInt', 2n ** 63n - 1n],
  ['decimal', '-0.10'],
  ['dateTime', new Date('1969-07-20T20:17:40.000Z')],
  ['boolean', false],
  ['colour', 'ULTRAMARINE'],
]

/** Writes `data` into the person `id`, which exists already where `exists`. */
export interface Path {
  readonly name: string
  readonly exists?: boolean
  readonly write: (client: SealingClient, id: string, data: PersonData) => PromiseLike<unknown>
}

export const PATHS: readonly Path[] = [
  { name: 'create', write: (client, id, data) => client.person.create({ data: { id, ...data } }) },
  {
    name: 'createMany of a list',
    write: (client, id, data) => client.person.createMany({ data: [{ id, ...data }, { name: 'x' }] }),
  },
  {
    name: 'createMany of one',
    write: (client, id, data) => client.person.createMany({ data: { id, ...data } }),
  },
  {
    name: 'createManyAndReturn',
    write: (client, id, data) => client.person.createManyAndReturn({ data: [{ id, ...data }] }),
  },
  {
    name: 'update',
    exists: true,
    write: (client, id, data) => client.person.update({ where: { id }, data }),
  },
  {
    name: 'update by id and a condition',
    exists: true,
    write: (client, id, data) =>
      client.person.update({ where: { id, name: 'there', OR: [{ text: null }] }, data }),
  },
  {
    name: 'update with { set }',
    exists: true,
    write: (client, id, data) =>
      client.person.update({
        where: { id },
        data: Object.fromEntries(Object.entries(data).map(([field, value]) => [field, { set: value }])),
      }),
  },
  {
    name: 'upsert that creates',
    write: (client, id, data) => client.person.upsert({ where: { id }, create: data, update: {} }),
  },
  {
    name: 'upsert that updates',
    exists: true,
    write: (client, id, data) => client.person.upsert({ where: { id }, create: {}, update: data }),
  },
  {
    name: 'a write in upper case',
    write: (client, id, data) => client.person.create({ data: { id: id.toUpperCase(), ...data } }),
  },
  {
    name: 'create within a to-one relation',
    write: (client, id, data) => client.letter.create({ data: { person: { create: { id, ...data } } } }),
  },
  {
    name: 'connectOrCreate within a to-one relation',
    write: (client, id, data) =>
      client.letter.create({ data: { person: { connectOrCreate: { where: { id }, create: data } } } }),
  },
  {
    name: 'update within a to-one relation',
    exists: true,
    write: async (client, id, data) => {
      const letter = await client.letter.create({ data: { personId: id } })
      return client.letter.update({
        where: { id: letter.id },
        data: { person: { update: { where: { id }, data } } },
      })
    },
  },
  {
    name: 'upsert that creates within a to-one relation',
    write: async (client, id, data) => {
      const letter = await client.letter.create({ data: {} })
      return client.letter.update({
        where: { id: letter.id },
        data: { person: { upsert: { create: { id, ...data }, update: { name: 'no' } } } },
      })
    },
  },
  {
    name: 'upsert that updates within a to-one relation',
    exists: true,
    write: async (client, id, data) => {
      const letter = await client.letter.create({ data: { personId: id } })
      return client.letter.update({
        where: { id: letter.id },
        data: { person: { upsert: { where: { id }, create: {}, update: data } } },
      })
    },
  },
  {
    name: 'create within a one-to-one relation',
    write: (client, id, data) =>
      client.passport.create({
        data: { number: uuidv7(), numberIndex: '', country: 'NL', holder: { create: { id, ...data } } },
      }),
  },
  {
    name: 'create within a many-to-many relation',
    write: (client, id, data) =>
      client.club.create({ data: { title: 'c', members: { create: [{ name: 'x' }, { id, ...data }] } } }),
  },
  {
    name: 'connectOrCreate within a many-to-many relation',
    write: (client, id, data) =>
      client.club.create({
        data: { title: 'c', members: { connectOrCreate: [{ where: { id }, create: data }] } },
      }),
  },
  {
    name: 'update within a many-to-many relation',
    exists: true,
    write: async (client, id, data) => {
      const club = await client.club.create({ data: { title: 'c', members: { connect: { id } } } })
      return client.club.update({
        where: { id: club.id },
        data: { members: { update: { where: { id }, data } } },
      })
    },
  },
  {
    name: 'upsert within a many-to-many relation',
    write: async (client, id, data) => {
      const club = await client.club.create({ data: { title: 'c' } })
      return client.club.update({
        where: { id: club.id },
        data: { members: { upsert: [{ where: { id }, create: data, update: { name: 'no' } }] } },
      })
    },
  },
  {
    name: 'create within a self relation',
    write: (client, id, data) => client.person.create({ data: { mentees: { create: { id, ...data } } } }),
  },
  {
    name: 'createMany within a self relation',
    write: (client, id, data) =>
      client.person.create({ data: { mentees: { createMany: { data: [{ name: 'x' }, { id, ...data }] } } } }),
  },
  {
    name: 'create four levels down, through a model without sealed columns',
    write: (client, id, data) =>
      client.box.create({
        data: {
          id: uuidv7(),
          label: 'b',
          letters: { create: [{ person: { create: { mentees: { create: { id, ...data } } } } }] },
        },
      }),
  },
  {
    name: 'a write in an interactive transaction',
    write: (client, id, data) =>
      client.$transaction(async (tx) => tx.person.create({ data: { id, ...data } })),
  },
  {
    name: 'a write in a list of a transaction',
    write: (client, id, data) =>
      client.$transaction([
        client.person.create({ data: { id } }),
        client.person.update({ where: { id }, data }),
      ]),
  },
]
