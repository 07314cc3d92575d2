// What belongs to a request is put on an object that the whole module shares.
import type { NextFunction, Request, Response } from 'express';

interface Api {
  user?: string | undefined;
  tenant?: string;
  timeout: number;
}
declare function connect(url: string): Api;
class Context {
  user?: string | undefined;
}

// of bad_from_a_call
const api = connect('http://api');
export function bad_from_a_call(req: Request, _res: Response, next: NextFunction) {
  api.user = req.headers['x-user'];
  next();
}
// of bad_of_a_class
const context = new Context();
export function bad_of_a_class(req: Request, _res: Response, next: NextFunction) {
  context.user = req.user?.id;
  next();
}
// of ok_set_up
const other = connect('http://other');
export function ok_set_up() {
  other.timeout = 5000;
}
