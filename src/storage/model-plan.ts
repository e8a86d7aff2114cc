import type { FieldSpec } from '../crypto/field-spec.ts'
import type { StoredMap, StoredModel } from './stored-map.ts'

export interface RelationPlan {
  readonly name: string
  readonly list: boolean
  readonly plan: ModelPlan
}

/** A model as the extension walks it, worked out once. */
export interface ModelPlan {
  readonly model: StoredModel
  readonly sealed: ReadonlyMap<string, FieldSpec>
  /** The sealed fields as a list, for the loop over rows. */
  readonly specs: readonly FieldSpec[]
  /** Index columns, each with the field that it is the index of. */
  readonly indexColumns: ReadonlyMap<string, FieldSpec>
  readonly relations: ReadonlyMap<string, RelationPlan>
  /** Whether this model, or any that its relations lead to, has a sealed field. */
  readonly reachesSealed: boolean
}

/** Works out the plan of every model of the map. Throws when a relation leads out of the map. */
export function planModels(map: StoredMap): ReadonlyMap<string, ModelPlan> {
  const reaching = modelsReachingSealed(map)
  const relations = new Map<string, Map<string, RelationPlan>>()
  const plans = new Map<string, ModelPlan>()
  for (const model of Object.values(map)) {
    const own = new Map<string, RelationPlan>()
    relations.set(model.model, own)
    plans.set(model.model, planModel(model, own, reaching.has(model.model)))
  }
  for (const model of Object.values(map)) {
    for (const [name, { model: target, list }] of Object.entries(model.relations)) {
      const plan = plans.get(target)
      if (plan === undefined) throw new RangeError(`The sealed map has no model ${target}.`)
      relations.get(model.model)?.set(name, { name, list, plan })
    }
  }
  return plans
}

function planModel(
  model: StoredModel,
  relations: Map<string, RelationPlan>,
  reachesSealed: boolean,
): ModelPlan {
  const specs = Object.values(model.fields)
  return {
    model,
    specs,
    sealed: new Map(specs.map((spec) => [spec.field, spec])),
    indexColumns: new Map(specs.flatMap((spec) => (spec.index ? [[spec.index.column, spec] as const] : []))),
    relations,
    reachesSealed,
  }
}

function modelsReachingSealed(map: StoredMap): ReadonlySet<string> {
  const models = Object.values(map)
  const reaching = new Set(
    models.filter(({ fields }) => Object.keys(fields).length > 0).map(({ model }) => model),
  )
  let before = -1
  while (before !== reaching.size) {
    before = reaching.size
    for (const { model, relations } of models) {
      if (Object.values(relations).some((relation) => reaching.has(relation.model))) reaching.add(model)
    }
  }
  return reaching
}
