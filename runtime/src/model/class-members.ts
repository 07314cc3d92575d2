import { declaredFields } from './field-names.js';
import { descriptionOf, modelDescription } from './model-description.js';

type Class = abstract new (...args: never) => object;

/** What a model's class adds to each of its objects, beside the fields of its schema and what is in its prototype. */
export interface ClassMembers {
  /** Its own public fields. They are not stored: each object gets them anew. */
  readonly names: ReadonlySet<string>;
  /** Whether an object lacks something until {@link addMembers} was called: such fields, or private members. */
  readonly areAdded: boolean;
}

const NONE: ClassMembers = { names: new Set(), areAdded: false };
const known = new WeakMap<object, ClassMembers>();

/** The object that is being given its members, and the class whose constructors run for it. */
let receiver: { readonly object: object; readonly model: Class } | undefined;

/**
 * What the constructor of `defineModel`'s class returns in place of a new entity, so that the fields and private members of
 * its subclasses are added to an object that is there already.
 *
 * @param model - the class whose constructors run: `new.target`
 */
export function claimReceiver(model: Class): object | undefined {
  if (receiver?.model !== model) return undefined;
  const { object } = receiver;
  receiver = undefined;
  return object;
}

/**
 * The members of a class, by its prototype; found once, by running its constructors.
 *
 * @param sample - makes a frozen object of the class with an entity's fields, which the initialisers may read
 */
export function classMembers(prototype: object, sample: () => object): ClassMembers {
  let members = known.get(prototype);
  if (members === undefined) known.set(prototype, (members = findMembers(prototype, sample())));
  return members;
}

/**
 * Runs the constructors of a class for an object that is there already.
 *
 * @returns `false` when a constructor of the class's own cannot be run without arguments, or writes fields of the entity
 * @throws what an initialiser throws
 */
export function addMembers(object: object, prototype: object): boolean {
  const model = prototype.constructor as Class;
  receiver = { object, model };
  try {
    Reflect.construct(model, []);
    return true;
  } catch (error) {
    if (sourcesOf(model).some((source) => OWN_CONSTRUCTOR.test(source))) return false;
    throw error;
  } finally {
    receiver = undefined;
  }
}

const OWN_CONSTRUCTOR = /\bconstructor\s*\(/;
/** A private member of any kind, or what a compiler made of one. It may be in a text as well, which costs time only. */
const PRIVATE = /#|\bconstructor\s*\(/;

function findMembers(prototype: object, sample: object): ClassMembers {
  const model = prototype.constructor as Class;
  if (model.prototype !== prototype) return NONE;
  const probe = Object.create(sample) as object;
  if (!addMembers(probe, prototype)) return NONE;
  const names = Object.keys(probe);
  const declared = declaredFields(descriptionOf(model))?.names;
  // It writes a field of the entity: that is for new ones.
  if (names.some((name) => Object.hasOwn(sample, name) || declared?.has(name))) return NONE;
  const areAdded = names.length > 0 || sourcesOf(model).some((source) => PRIVATE.test(source));
  return { names: new Set(names), areAdded };
}

/** The sources of a model's class and of the classes between it and what `defineModel` returned. */
function sourcesOf(model: Class): string[] {
  const sources: string[] = [];
  for (
    let each = model;
    typeof each === 'function' && !Object.hasOwn(each, modelDescription);
    each = Object.getPrototypeOf(each) as Class
  )
    sources.push(Function.prototype.toString.call(each));
  return sources;
}
