import { addEnglish } from "..";
import versions from "../locales/en/versions.json";

addEnglish("versions", versions);
