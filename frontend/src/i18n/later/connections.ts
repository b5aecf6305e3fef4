import { addEnglish } from "..";
import connections from "../locales/en/connections.json";

addEnglish("connections", connections);
